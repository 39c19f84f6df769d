package io.penstock.worker.pull;

/// Which tickets of one puller have come. Numbers rise by one from 1 on a log that keeps order, so the
/// highest one seen says that all before it were seen too.
public final class TicketBook {
    private long highest;

    /// True if the ticket is new; a repeated one is not to be run again.
    public boolean accept(long number) {
        if (number <= highest) {
            return false;
        }
        highest = number;
        return true;
    }

    /// The number up to which a pull made now accounts for every ticket.
    public long asOf() {
        return highest;
    }
}
