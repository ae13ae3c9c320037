// Draws the two charts from the figures in the page; each has its table beside it.
const place = document.getElementById("figures");
if (place) {
  const figures = JSON.parse(place.textContent);
  const common = { aria: { enabled: true, decal: { show: false } }, tooltip: { renderMode: "richText" }, textStyle: { fontFamily: "Atkinson, system-ui" } };
  const products = echarts.init(document.getElementById("products-chart"));
  products.setOption({
    ...common,
    grid: { left: 8, right: 24, top: 8, bottom: 26, containLabel: true },
    xAxis: { type: "value", name: figures.words.taps, nameLocation: "middle", nameGap: 26, minInterval: 1 },
    yAxis: { type: "category", inverse: true, data: figures.products.names },
    series: [{ type: "bar", data: figures.products.taps, itemStyle: { color: "#0b5d43" } }],
  });
  const hours = echarts.init(document.getElementById("hours-chart"));
  hours.setOption({
    ...common,
    grid: { left: 8, right: 24, top: 8, bottom: 48, containLabel: true },
    xAxis: { type: "category", data: [...Array(24).keys()] },
    yAxis: { type: "category", inverse: true, data: figures.days },
    visualMap: { min: 0, max: Math.max(1, ...figures.hours.map((one) => one[2])), orient: "horizontal", left: "center", bottom: 0, inRange: { color: ["#eef3ea", "#0b5d43"] } },
    series: [{ type: "heatmap", data: figures.hours }],
  });
  addEventListener("resize", () => { products.resize(); hours.resize(); });
}
