package io.penstock.ingest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A multipart/form-data body in the order its fields were added.
public final class Form {
    public static final String BOUNDARY = "----a-boundary+of'40(characters)_,./:=?-0";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    public Form field(String name, String value) {
        head("form-data; name=\"" + name + "\"");
        text(value);
        return this;
    }

    public Form file(String name, String filename, byte[] content) {
        head("form-data; name=\"" + name + "\"; filename=\"" + filename + "\"");
        body.writeBytes(content);
        return this;
    }

    public Form file(String name, String filename, String content) {
        return file(name, filename, content.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] bytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(body.toByteArray());
        whole.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return whole.toByteArray();
    }

    public static String contentType() {
        return "multipart/form-data; boundary=\"" + BOUNDARY + "\"";
    }

    private void head(String disposition) {
        text((body.size() == 0 ? "" : "\r\n") + "--" + BOUNDARY + "\r\nContent-Disposition: " + disposition
                + "\r\n\r\n");
    }

    private void text(String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
