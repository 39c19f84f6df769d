package io.penstock.bench.qos;

/// Who sends an engine its batch lines. Times are nanoseconds since the beginning.
interface Sender {
    /// The next moment after `now` at which it has something to look at; it is asked to look whenever anything happens
    /// at the engine as well.
    long nextLook(long now);

    /// Sends what it likes.
    void look(VirtualEngine engine, long now);

    /// So many chat calls are there, of which so many await their first word.
    default void chat(int calls, int awaiting, long now) {}

    /// A line has ended.
    default void ended(long line, long now) {}
}
