package io.penstock.standalone.crash;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An OpenAI batch output line, on a topic or in a file, as any client would read it. `status` is null
/// where no engine answered.
public record ResultLine(String customId, @Nullable Integer status, String text) {
    /// A line that is no output line has the custom id `(unreadable)`.
    public static ResultLine parse(String text) {
        try {
            JsonNode line = JsonMapper.shared().readTree(text);
            JsonNode status = line.at("/response/status_code");
            return new ResultLine(
                    line.at("/custom_id").asString("(none)"), status.isNumber() ? status.asInt() : null, text);
        } catch (JacksonException _) {
            return new ResultLine("(unreadable)", null, text);
        }
    }

    /// True if an engine gave a good answer.
    public boolean isAnswer() {
        return status != null && status < 300;
    }
}
