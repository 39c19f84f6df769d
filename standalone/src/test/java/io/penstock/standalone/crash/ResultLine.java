package io.penstock.standalone.crash;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An OpenAI batch output line, on a topic or in a file, as any client would read it. `batch` is the one that the
/// record's key names, empty where nothing says so. `status` is null where no engine answered, `code` where there is
/// no error.
public record ResultLine(
        String batch,
        String customId,
        @Nullable Integer status,
        @Nullable String code,
        String text) {
    /// An engine's answer.
    ResultLine(String customId, int status, String text) {
        this("", customId, status, null, text);
    }

    /// A line that is no output line has the custom id `(unreadable)`.
    public static ResultLine parse(String text) {
        return parse("", text);
    }

    /// The same of a record whose key is `batch:line`, or another id of a request.
    public static ResultLine parse(String key, String text) {
        String batch = key.contains(":") ? key.substring(0, key.lastIndexOf(':')) : "";
        try {
            JsonNode line = JsonMapper.shared().readTree(text);
            JsonNode status = line.at("/response/status_code");
            JsonNode code = line.at("/error/code");
            return new ResultLine(
                    batch,
                    line.at("/custom_id").asString("(none)"),
                    status.isNumber() ? status.asInt() : null,
                    code.isString() ? code.asString() : null,
                    text);
        } catch (JacksonException _) {
            return new ResultLine(batch, "(unreadable)", null, null, text);
        }
    }

    /// True if an engine gave a good answer.
    public boolean isAnswer() {
        return status != null && status < 300;
    }

    /// True if it was ended with `reason` and by no engine.
    boolean isEnded(String reason) {
        return status == null && reason.equals(code);
    }
}
