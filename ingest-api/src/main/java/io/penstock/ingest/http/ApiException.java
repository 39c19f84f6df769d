package io.penstock.ingest.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An expected refusal: what the client did wrong, or what cannot be done now. Costs no stack trace.
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorKind kind;
    private final @Nullable String param;

    /// `param` names the field at fault, if there is one.
    public ApiException(ErrorKind kind, String message, @Nullable String param) {
        super(message, null, false, false);
        this.kind = kind;
        this.param = param;
    }

    public ApiException(ErrorKind kind, String message) {
        this(kind, message, null);
    }

    public ErrorKind kind() {
        return kind;
    }

    /// Answers the exchange with this error.
    public void answer(Exchange exchange) throws IOException {
        switch (kind.retry()) {
            case BY_STATUS -> {}
            case NEVER -> exchange.header("x-should-retry", "false");
            case AFTER_A_SECOND -> exchange.header("Retry-After", "1");
            case AFTER_FIVE_SECONDS -> exchange.header("Retry-After", "5");
        }
        exchange.respond(kind.status(), "application/json", envelope());
    }

    /// The error as OpenAI's clients read it.
    public byte[] envelope() {
        return envelope(String.valueOf(getMessage()), kind.type(), param, kind.code());
    }

    /// An error envelope; all four keys are always there.
    public static byte[] envelope(String message, String type, @Nullable String param, @Nullable String code) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return JsonMapper.shared().writeValueAsBytes(root);
    }
}
