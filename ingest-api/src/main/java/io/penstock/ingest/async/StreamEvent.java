package io.penstock.ingest.async;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One event of a response's stream: `type` and `sequence_number` are in `data` already.
record StreamEvent(String type, ObjectNode data) {
    /// As it is sent.
    byte[] bytes() {
        return ("event: " + type + "\ndata: " + JsonMapper.shared().writeValueAsString(data) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /// Its place in the stream, from 0.
    int number() {
        return data.get("sequence_number").asInt();
    }
}
