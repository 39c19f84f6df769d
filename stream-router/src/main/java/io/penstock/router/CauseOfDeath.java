package io.penstock.router;

import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Why a stream thread died, as far as it matters to what is done about it.
enum CauseOfDeath {
    /// Kafka did not answer, or had not enough brokers to do what was asked. A thread repeats what timed out for
    /// `task.timeout.ms` (5 min) before it dies of it, so such deaths are few, and nothing is wrong with this
    /// process.
    KAFKA_AWAY,
    /// Anything else: a defect, a setting, a missing right or topic.
    OTHER;

    /// Told by the exceptions that led to it. A topic that is missing shows as a timeout too, but Kafka did answer.
    static CauseOfDeath of(Throwable death) {
        CauseOfDeath cause = OTHER;
        Throwable one = death;
        for (int depth = 0; one != null && depth < 20; depth++) {
            if (one instanceof UnknownTopicOrPartitionException || one instanceof UnknownTopicIdException) {
                return OTHER;
            }
            if (one instanceof TimeoutException) {
                cause = KAFKA_AWAY;
            }
            one = one.getCause();
        }
        return cause;
    }
}
