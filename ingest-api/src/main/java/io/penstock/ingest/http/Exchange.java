package io.penstock.ingest.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request and its answer, handled on a virtual thread of its own, so every method may block.
public interface Exchange {
    /// The method, in upper case.
    String method();

    /// The path as it came, without the query and not decoded.
    String rawPath();

    /// The path's segments, each decoded, so that `%2F` is a slash inside a segment.
    List<String> segments();

    /// The first query parameter of that name, decoded.
    @Nullable
    String query(String name);

    /// The first header of that name, whatever its case.
    @Nullable
    String header(String name);

    /// Under which this exchange is known in answers and logs: the client's `X-Request-Id`, or one of
    /// ours.
    String requestId();

    /// The body as it arrives. A client slower than the server's least rate is cut off with an
    /// `IOException`.
    InputStream body();

    /// The whole body.
    ///
    /// @throws ApiException 413 if it is longer than `maxBytes`; the message names `setting`
    byte[] body(int maxBytes, String setting) throws IOException;

    /// Sets a header of the answer; before the answer is begun.
    void header(String name, String value);

    /// Answers whole.
    void respond(int status, String contentType, byte[] body) throws IOException;

    /// Begins an answer of unknown length. Each `write` is sent at once and blocks while the client
    /// does not read; closing it ends the answer.
    OutputStream stream(int status, String contentType) throws IOException;

    /// True once an answer was begun.
    boolean isAnswered();

    /// Runs `action` at once, and once, if the client goes away before the answer is complete. To be
    /// called when the body was read to its end. A client that closes only its sending side counts as
    /// gone.
    void onGone(Runnable action);
}
