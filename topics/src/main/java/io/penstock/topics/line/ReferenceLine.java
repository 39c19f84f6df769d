package io.penstock.topics.line;

import io.penstock.topics.catalogue.Json;
import io.penstock.topics.record.BodyRef;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An input line whose body lies in the payload store: about 300 bytes on the topic whatever the body
/// weighs.
public final class ReferenceLine {
    private ReferenceLine() {}

    /// The line to put on `requests.*`. The facts travel along, so that nobody must fetch the body to
    /// tag it; where the model's name lies is counted from the body's own first byte.
    public static byte[] write(@Nullable String customId, String url, BodyRef ref, BodyFacts facts) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("custom_id", customId).put("method", "POST").put("url", url);
        line.set("body_ref", Json.MAPPER.valueToTree(ref));
        line.set("body_facts", Json.MAPPER.valueToTree(facts));
        return Json.MAPPER.writeValueAsBytes(line);
    }
}
