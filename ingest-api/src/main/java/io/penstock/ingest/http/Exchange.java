package io.penstock.ingest.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One request and its answer, handled on a virtual thread of its own, so every method may block.
///
/// The answer is complete when the handler returns. If the handler throws, the answer becomes an error
/// as long as nothing of it was sent; after that the connection is cut, so that half an answer never
/// looks whole. What is unread of the body when the answer is begun is discarded.
public interface Exchange {
    /// The method, in upper case.
    String method();

    /// The path as it came, without the query and not decoded.
    String rawPath();

    /// The first query parameter of that name, decoded.
    ///
    /// @throws ApiException 400 if the query cannot be decoded
    @Nullable
    String query(String name);

    /// The names of the query's parameters, decoded.
    ///
    /// @throws ApiException 400 if the query cannot be decoded
    Set<String> queryNames();

    /// The first header of that name, whatever its case.
    @Nullable
    String header(String name);

    /// Under which this exchange is known in answers and logs: the client's `X-Request-Id`, or one of
    /// ours.
    String requestId();

    /// The body as it arrives. Reading it throws an `ApiException` if the client sends it slower than the
    /// server's least pace (408), malformed or not to its end (400); an `IOException` means that the
    /// client is gone.
    InputStream body();

    /// The whole body.
    ///
    /// @throws ApiException 413 if it is longer than `maxBytes`; the message names `setting`
    byte[] body(int maxBytes, String setting) throws IOException;

    /// Sets a header of the answer; before the answer is begun.
    void header(String name, String value);

    /// Answers whole.
    void respond(int status, String contentType, byte[] body) throws IOException;

    /// Begins an answer, of unknown length unless `Content-Length` was set. Each `write` is sent at once
    /// and blocks while the client does not read; it throws an `IOException` if the client is gone.
    /// Closing the stream only ends the writing: the answer is complete when the handler returns.
    OutputStream stream(int status, String contentType) throws IOException;

    /// Runs `action` at once, and once, if the client goes away before the answer is complete. To be
    /// called when the body was read to its end. A client that closes only its sending side counts as
    /// gone.
    ///
    /// @throws IllegalStateException if some of the body is unread
    void onGone(Runnable action);
}
