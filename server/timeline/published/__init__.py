"""The vocabulary of events as JSON Schemas, for who reads the stream, the export or the webhooks."""
