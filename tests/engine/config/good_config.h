// A whole valid configuration, which the tests break one piece at a time. In a file of its own
// because moc loses its way in raw strings.
#pragma once

inline constexpr const char* kGood = R"([ingress]
listen = "127.0.0.1:8787"
[control]
listen = "127.0.0.1:8788"
key = "env:SPILLWAY_CONTROL_KEY"
[[workspace]]
name = "shop"
write_key = "env:SPILLWAY_KEY"
tier = "growth"
[[destination]]
name = "meta-main"
platform = "meta"
account = "1029384756"
endpoint = "http://127.0.0.1:9100"
credential.access_token = "env:META_TOKEN"
workspaces = ["shop"]
events = ["Purchase", "Lead"]
priority = "high"
batch = 100
concurrency = 4
rate = 8.0
timeout = "20s"
[[destination.limit]]
unit = "events"
amount = 500
period = "60s"
kind = "rolling"
scope = "account"
burst = 1
[destination.retry]
attempts = 8
base = "1s"
cap = "128s"
jitter = 0.25
)";
