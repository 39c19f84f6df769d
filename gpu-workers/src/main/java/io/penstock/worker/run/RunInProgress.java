package io.penstock.worker.run;

/// A ticket's run, seen from outside while it goes on; all methods from any thread.
public interface RunInProgress {
    /// Ends it: the engine sees the connection close and frees what the request held. Now or later, the
    /// run ends with an `IOException`.
    void cancel();

    /// Output tokens the engine has generated in this run; 0 where the answer is not streamed to the
    /// worker, or the engine does not tell.
    int generatedTokens();

    /// Output tokens taken over from earlier runs; 0 if it began from the beginning, or the engine has not
    /// begun to answer.
    int keptTokens();
}
