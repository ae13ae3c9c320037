// Lets one Node library loose on a server: `node node.mjs LIBRARY ADDRESS KEY TRACKS`; ends once all was sent.
// Each call has a number of its own (in `userId`, `w-N`), so that the test can tell what is missing.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [library, address, key, tracks] = process.argv.slice(2);
const count = Number(tracks);

function calls(client) {
  for (let n = 0; n < count; n++)
    client.track({ userId: `w-${n}`, event: "Product Viewed", properties: { product_id: "boot", n } });
  client.identify({ userId: `w-${count}`, traits: { email: "ann@example.com" } });
  client.page({ userId: `w-${count + 1}`, name: "Boots", properties: { url: "https://shop.example/boots" } });
  client.alias({ userId: `w-${count + 2}`, previousId: "before" });
}

async function segment() {
  const { Analytics } = require("@segment/analytics-node");
  const client = new Analytics({ writeKey: key, host: address });
  calls(client);
  await client.closeAndFlush({ timeout: 60000 });
}

async function rudder() {
  const Analytics = require("@rudderstack/rudder-sdk-node");
  const client = new Analytics(key, { dataPlaneUrl: address, flushAt: 20, maxQueueSize: 1000 });
  calls(client);
  await client.flush();
}

async function insist(send) {
  for (;;) {
    try {
      return await send();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function jitsu() {
  const { jitsuAnalytics } = require("@jitsu/js");
  const client = jitsuAnalytics({ host: address, writeKey: `${key}:jitsu`, errorPolicy: "log", echoEvents: false });
  for (let n = 0; n < count; n++) await client.track("Product Viewed", { product_id: "boot", who: `w-${n}` });
  await client.identify(`w-${count}`, { email: "ann@example.com" });
  await client.page({ who: `w-${count + 1}` });
}

async function cloudevents() {
  const { CloudEvent, HTTP } = require("cloudevents");
  for (let n = 0; n < count; n++) {
    const event = new CloudEvent({ type: "shop.till.rung", source: "till", userid: `w-${n}`, data: { n } });
    const { headers, body } = n % 2 ? HTTP.binary(event) : HTTP.structured(event);
    await insist(async () => {
      const answer = await fetch(`${address}/v1/cloudevents`, {
        method: "POST",
        headers: { ...headers, authorization: `Bearer ${key}` },
        body,
      });
      if (!answer.ok) throw new Error(String(answer.status));
    });
  }
}

await { segment, rudder, jitsu, cloudevents }[library]();
