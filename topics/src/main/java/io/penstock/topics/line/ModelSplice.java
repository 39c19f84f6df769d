package io.penstock.topics.line;

import io.penstock.topics.id.ModelName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.io.JsonStringEncoder;

/// Puts another model name into a request body, leaving every other byte as it is.
public final class ModelSplice {
    private ModelSplice() {}

    /// `body` with the JSON string at `modelValue` replaced by `model`.
    public static byte[] replace(byte[] body, Slice modelValue, ModelName model) {
        ByteArrayOutputStream spliced =
                new ByteArrayOutputStream(body.length + model.value().length());
        spliced.write(body, 0, modelValue.offset());
        spliced.write('"');
        spliced.writeBytes(new String(JsonStringEncoder.getInstance().quoteAsCharArray(model.value()))
                .getBytes(StandardCharsets.UTF_8));
        spliced.write('"');
        int rest = modelValue.offset() + modelValue.length();
        spliced.write(body, rest, body.length - rest);
        return spliced.toByteArray();
    }
}
