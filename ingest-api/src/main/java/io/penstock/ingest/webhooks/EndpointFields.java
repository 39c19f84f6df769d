package io.penstock.ingest.webhooks;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.openai.Fields;
import io.penstock.ingest.webhooks.http.Reach;
import io.penstock.ingest.webhooks.http.WebhookUrl;
import java.util.List;

/// What clients say of an endpoint, checked.
record EndpointFields(Fields fields, Reach reach, List<String> types) {
    private static final int NAME_CHARS_MAX = 256;
    private static final int TYPES_MAX = 64;

    /// The name, `absent` if there is none.
    String nameOr(String absent) {
        String name = fields.optional("name");
        return name == null ? absent : named(name);
    }

    /// The name, which must be there.
    String name() {
        return named(fields.text("name"));
    }

    /// The URL, `absent` if there is none.
    String urlOr(String absent) {
        String url = fields.optional("url");
        return url == null ? absent : reachable(url);
    }

    /// The URL, which must be there.
    String url() {
        return reachable(fields.text("url"));
    }

    /// The event types, `absent` if there are none.
    List<String> typesOr(List<String> absent) {
        List<String> asked = fields.texts("event_types", TYPES_MAX);
        return asked.isEmpty() ? absent : known(asked);
    }

    /// The event types, of which there must be one.
    List<String> eventTypes() {
        List<String> asked = fields.texts("event_types", TYPES_MAX);
        if (asked.isEmpty()) {
            throw new ApiException(
                    ErrorKind.MISSING_PARAMETER, "Missing required parameter: 'event_types'.", "event_types");
        }
        return known(asked);
    }

    /// The one event type to try an endpoint with.
    String eventType() {
        return known(List.of(fields.text("event_type"))).getFirst();
    }

    private static String named(String name) {
        if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE, "'name' must have 1 to " + NAME_CHARS_MAX + " characters.", "name");
        }
        return name;
    }

    private String reachable(String url) {
        String fault = WebhookUrl.fault(url, reach);
        if (fault != null) {
            throw new ApiException(ErrorKind.INVALID_VALUE, "Invalid 'url': " + fault + ".", "url");
        }
        return url;
    }

    private List<String> known(List<String> asked) {
        for (String type : asked) {
            if (!types.contains(type)) {
                throw new ApiException(
                        ErrorKind.INVALID_VALUE,
                        "Invalid value: '" + type + "'. Supported values are: " + String.join(", ", types) + ".",
                        "event_types");
            }
        }
        return asked.stream().distinct().toList();
    }
}
