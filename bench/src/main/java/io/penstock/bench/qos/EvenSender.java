package io.penstock.bench.qos;

/// Sends lines at an even rate, knowing all that goes on in the engine.
final class EvenSender implements Sender {
    /// Enough to keep an engine busy.
    private static final int WAITING_MAX = 8;

    private final boolean waits;
    private final long every;
    private long next;

    /// If it `waits`, a line that is due is held until no call awaits its first word.
    EvenSender(double linesPerSecond, boolean waits) {
        this.waits = waits;
        this.every = linesPerSecond == 0 ? Long.MAX_VALUE : (long) (1e9 / linesPerSecond);
        this.next = every;
    }

    @Override
    public long nextLook(long now) {
        return next > now ? next : Long.MAX_VALUE;
    }

    /// What is due while a step is computed is sent when it has ended.
    @Override
    public void look(VirtualEngine engine, long now) {
        while (next <= now
                && !engine.isComputing()
                && !(waits && engine.awaiting() > 0)
                && engine.waiting() < WAITING_MAX) {
            long _ = engine.submitLine();
            next += every;
        }
    }
}
