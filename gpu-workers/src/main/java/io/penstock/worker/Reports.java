package io.penstock.worker;

import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.ServedModel;

/// What a worker tells the cluster. No method waits: they are called under the endpoints' locks.
interface Reports extends AutoCloseable {
    /// A pull; of those not yet told only the newest of each endpoint counts.
    void pull(Pull pull);

    /// What became of a ticket; told until it is known to have arrived.
    void outcome(Envelope<Outcome> outcome);

    /// A model that is served.
    void serving(ServedModel model);

    @Override
    void close();
}
