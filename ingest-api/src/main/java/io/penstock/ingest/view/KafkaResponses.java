package io.penstock.ingest.view;

import io.penstock.service.Health;
import io.penstock.service.KafkaClients;
import io.penstock.service.Service;
import io.penstock.service.Services;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Place;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The requests whose answer is asked for later, followed on their topic; answers are read from the
/// results.
public final class KafkaResponses implements Responses, Service {
    private final Topics topics;
    private final KafkaSubmissionLog log;
    private final CompactedView<RequestId, StoredResponse> view;
    private final ResultReader results;
    private final Services services = new Services();

    /// What is asked for under an idempotency key is waited for `keyPatience` at most.
    public KafkaResponses(Topics topics, KafkaClients kafka, KafkaSubmissionLog log, Duration keyPatience) {
        this.topics = topics;
        this.log = log;
        this.view = new CompactedView<>(topics.responses(), kafka.consumer(), keyPatience);
        this.results = new ResultReader(topics.results(), kafka.consumer());
    }

    @Override
    public String name() {
        return "responses";
    }

    @Override
    public void start() throws Exception {
        services.start(results);
        services.start(view);
    }

    @Override
    public void close() {
        services.close();
    }

    /// Ends all waiting, for a stop: clients go on at another replica.
    public void release() {
        view.release();
    }

    /// Up once the topic was read to its end.
    public Health health() {
        return view.health();
    }

    @Override
    public @Nullable StoredResponse find(RequestId id) {
        return view.find(id);
    }

    @Override
    public @Nullable StoredResponse settled(RequestId id) {
        return view.settled(id);
    }

    @Override
    public @Nullable StoredResponse awaited(RequestId id) {
        return view.awaited(id);
    }

    @Override
    public Held claim(String id, String fingerprint) {
        return log.claim(id, fingerprint);
    }

    @Override
    public Collection<StoredResponse> all() {
        return view.values();
    }

    @Override
    public int count() {
        return view.size();
    }

    @Override
    public boolean isComplete() {
        return view.health() instanceof Health.Up;
    }

    @Override
    public Watch watch(RequestId id) {
        return view.watch(id);
    }

    @Override
    public void put(StoredResponse response) {
        view.wrote(response.id(), response, log.write(topics.responses(), response.id(), response));
    }

    @Override
    public byte @Nullable [] result(Place place) {
        return results.at(place);
    }
}
