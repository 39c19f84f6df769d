package io.penstock.worker.run;

import io.penstock.topics.line.BodyFields;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.line.Slice;
import io.penstock.topics.record.Partial;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/// The body of a request whose answer is streamed to the worker, made by putting bytes into what the
/// client sent; all other bytes stay as they are.
final class StreamedBody {
    static final String CHAT = "/v1/chat/completions";
    static final String COMPLETION = "/v1/completions";
    private static final List<String> LIMITS = List.of("max_tokens", "max_completion_tokens", "min_tokens");

    private final String url;
    private final byte[] body;
    private final BodyFields fields;

    private StreamedBody(String url, byte[] body, BodyFields fields) {
        this.url = url;
        this.body = body;
        this.fields = fields;
    }

    /// One change: `bytes` instead of the `length` bytes at `offset`.
    @SuppressWarnings("ArrayRecordComponent") // lives for one splice
    private record Edit(int offset, int length, byte[] bytes) {}

    /// The streamed form of a request to `url`; null if another run could not go on with it.
    ///
    /// @throws MalformedJson if `body` is no JSON object
    static @Nullable StreamedBody of(String url, byte[] body) throws MalformedJson {
        BodyFields fields = BodyFields.of(body);
        return Resumable.objection(url, body, fields) == null ? new StreamedBody(url, body, fields) : null;
    }

    boolean isChat() {
        return url.equals(CHAT);
    }

    /// The client's body.
    byte[] asItCame() {
        return body;
    }

    /// The body that begins.
    byte[] beginning() {
        return spliced(streaming());
    }

    /// The body that goes on where `before` ends; null if that has used up all tokens it may have.
    byte @Nullable [] after(Partial before) {
        List<Edit> edits = streaming();
        for (String limit : LIMITS) {
            Slice value = fields.value(limit);
            String text = value == null ? "null" : utf8(value.of(body));
            if (value != null && !text.equals("null")) {
                long left = Long.parseLong(text) - before.outputTokens();
                if (left < 1 && !limit.equals("min_tokens")) {
                    return null;
                }
                edits.add(new Edit(value.offset(), value.length(), utf8(Long.toString(Math.max(0, left)))));
            }
        }
        String text = new String(JsonStringEncoder.getInstance().quoteAsCharArray(before.text()));
        if (isChat()) {
            set(edits, "continue_final_message", "true");
            set(edits, "add_generation_prompt", "false");
            beforeLast(edits, "messages", ",{\"role\":\"assistant\",\"content\":\"" + text + "\"}");
        } else {
            beforeLast(edits, "prompt", text);
        }
        return spliced(edits);
    }

    private List<Edit> streaming() {
        List<Edit> edits = new ArrayList<>();
        set(edits, "stream", "true");
        set(edits, "stream_options", "{\"include_usage\":true,\"continuous_usage_stats\":true}");
        return edits;
    }

    /// A value that is there is replaced: of a name that comes twice, engines take either.
    private void set(List<Edit> edits, String name, String json) {
        Slice present = fields.value(name);
        edits.add(
                present == null
                        ? new Edit(fields.end(), 0, utf8(",\"" + name + "\":" + json))
                        : new Edit(present.offset(), present.length(), utf8(json)));
    }

    /// Puts `json` before the last byte of a value: the quote of a text, the bracket of a list.
    private void beforeLast(List<Edit> edits, String name, String json) {
        Slice value = fields.value(name);
        if (value == null) {
            throw new IllegalStateException("a resumable request to " + url + " has a field " + name);
        }
        edits.add(new Edit(value.offset() + value.length() - 1, 0, utf8(json)));
    }

    private byte[] spliced(List<Edit> edits) {
        List<Edit> inOrder = new ArrayList<>(edits);
        inOrder.sort(Comparator.comparingInt(Edit::offset));
        ByteArrayOutputStream result = new ByteArrayOutputStream(body.length + 256);
        int copied = 0;
        for (Edit edit : inOrder) {
            result.write(body, copied, edit.offset() - copied);
            result.writeBytes(edit.bytes());
            copied = edit.offset() + edit.length();
        }
        result.write(body, copied, body.length - copied);
        return result.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
