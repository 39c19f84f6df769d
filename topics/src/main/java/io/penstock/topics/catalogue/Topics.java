package io.penstock.topics.catalogue;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PartId;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Claim;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Exhausted;
import io.penstock.topics.record.Explanation;
import io.penstock.topics.record.Hold;
import io.penstock.topics.record.InteractiveLoad;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.PoolSpec;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.Started;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.Tenant;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import io.penstock.topics.record.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/// The topic catalogue. No topic is named anywhere else.
public final class Topics {
    private static final Duration REQUESTS_KEPT = Duration.ofDays(7);
    private static final Duration RESULTS_KEPT = Duration.ofDays(30);

    private final TopicLayout layout;
    private final Map<Band, Topic<byte[], byte[]>> requests = new EnumMap<>(Band.class);
    private final Topic<RequestId, Envelope<Admission>> tagged;
    private final Topic<PoolName, Envelope<Admission>> admitted;
    private final Topic<PoolName, Envelope<Outcome>> outcomes;
    private final Topic<Incarnation, Envelope<Work>> work;
    private final Topic<String, Control> control;
    private final Topic<RequestId, byte[]> results;
    private final Topic<RequestId, Started> started;
    private final Topic<RequestId, StoredResponse> responses;
    private final Topic<BatchId, Batch> batches;
    private final Topic<FileId, StoredFile> files;
    private final Topic<UploadId, Upload> uploads;
    private final Topic<PartId, UploadPart> uploadParts;
    private final Topic<String, Hold> holds;
    private final Topic<String, Claim> claims;
    private final NameTopics names;
    private final StandingTopics standing;
    private final Topic<String, Explanation> answers;
    private final Topic<RequestId, Envelope<Exhausted>> exhausted;
    private final WebhookTopics webhooks;
    private final Topic<byte[], byte[]> deadLetters;

    public Topics(TopicLayout layout) {
        this.layout = layout;
        int ledger = layout.ledgerPartitions();
        Serde<byte[]> bytes = Serdes.ByteArray();
        Serde<PoolName> pool = IdSerde.of(PoolName::new, PoolName::value);
        for (Band band : Band.values()) {
            requests.put(
                    band,
                    topic(
                            "requests." + band.wireName(),
                            bytes,
                            bytes,
                            ledger,
                            new Retention.Delete(REQUESTS_KEPT),
                            "accepted requests of the " + band.wireName()
                                    + " band; the value is an OpenAI batch input line",
                            "ingest-api, batches, customers → tag"));
        }
        tagged = topic(
                "tagged",
                IdSerde.of(RequestId::new, RequestId::value),
                new EnvelopeSerde<>(Admission.class),
                ledger,
                deleteAfterDays(2),
                "tagged requests whose ids their senders chose, to be let through once",
                "tag → once");
        admitted = topic(
                "admitted",
                pool,
                new EnvelopeSerde<>(Admission.class),
                ledger,
                deleteAfterDays(2),
                "tagged requests",
                "tag, once → ledger");
        outcomes = topic(
                "outcomes",
                pool,
                new EnvelopeSerde<>(Outcome.class),
                ledger,
                deleteAfterDays(7),
                "what became of each assignment; the payload is the engine's answer",
                "gpu-workers → ledger");
        work = topic(
                "work",
                IdSerde.of(Incarnation::new, Incarnation::value),
                new EnvelopeSerde<>(Work.class),
                layout.workPartitions(),
                deleteAfterDays(1),
                "tickets, in the partition the worker named in its pull; the payload is an inline body",
                "ledger → gpu-workers");
        Serde<BatchId> batch = IdSerde.of(BatchId::new, BatchId::value);
        control = topic(
                "control",
                Serdes.String(),
                new JsonSerde<>(Control.class),
                ledger,
                deleteAfterDays(30),
                "commands on live work, each sent to every partition; kept for audit",
                "ingest-api → ledger, batches");
        results = topic(
                "results",
                IdSerde.of(RequestId::new, RequestId::value),
                bytes,
                ledger,
                new Retention.Delete(RESULTS_KEPT),
                "the one final record of each request, partitioned by its batch; the value is an OpenAI batch output"
                        + " line",
                "ledger → batches, customers");
        started = topic(
                "started",
                IdSerde.of(RequestId::new, RequestId::value),
                new JsonSerde<>(Started.class),
                ledger,
                deleteAfterDays(1),
                "when a worker first got each request whose answer is asked for later",
                "ledger → batches");
        responses = topic(
                "responses",
                IdSerde.of(RequestId::new, RequestId::value),
                new JsonSerde<>(StoredResponse.class),
                ledger,
                new Retention.Compact(),
                "requests whose answer is asked for later, and where each answer lies",
                "ingest-api, batches → batches, ingest-api");
        batches = topic(
                "batches",
                batch,
                new JsonSerde<>(Batch.class),
                ledger,
                new Retention.Compact(),
                "what was submitted, and how far each batch is",
                "ingest-api, batches → batches, ingest-api");
        files = topic(
                "files",
                IdSerde.of(FileId::new, FileId::value),
                new JsonSerde<>(StoredFile.class),
                1,
                new Retention.Compact(),
                "the Files API's files; content lies in the payload store",
                "ingest-api, batches → ingest-api, batches");
        uploads = topic(
                "uploads",
                IdSerde.of(UploadId::new, UploadId::value),
                new JsonSerde<>(Upload.class),
                1,
                new Retention.Compact(),
                "files that are uploaded in parts",
                "ingest-api, batches → ingest-api, batches");
        uploadParts = topic(
                "upload-parts",
                IdSerde.of(PartId::new, PartId::value),
                new JsonSerde<>(UploadPart.class),
                1,
                new Retention.Compact(),
                "parts of uploads; content lies in the payload store",
                "ingest-api, batches → ingest-api, batches");
        holds = topic(
                "holds",
                Serdes.String(),
                new JsonSerde<>(Hold.class),
                1,
                new Retention.Compact(),
                "what batches need of the payload store, by what needs it",
                "batches → batches");
        claims = topic(
                "claims",
                Serdes.String(),
                new JsonSerde<>(Claim.class),
                1,
                new Retention.DeleteByArrival(Duration.ofDays(1)),
                "what a submission with an idempotency key would make of it, and how an upload is to end; the first"
                        + " claim of an object holds",
                "ingest-api → ingest-api");
        names = NameTopics.of(layout);
        standing = StandingTopics.of(layout);
        answers = topic(
                "answers",
                Serdes.String(),
                new JsonSerde<>(Explanation.class),
                1,
                new Retention.Delete(Duration.ofHours(1)),
                "why a batch or request waits, by question",
                "ledger → ingest-api");
        exhausted = topic(
                "exhausted",
                IdSerde.of(RequestId::new, RequestId::value),
                new EnvelopeSerde<>(Exhausted.class),
                1,
                deleteAfterDays(30),
                "requests that failed on every attempt, to be inspected and run again",
                "ledger → ingest-api");
        webhooks = WebhookTopics.of(layout);
        deadLetters = topic(
                "dlq",
                bytes,
                bytes,
                1,
                new Retention.Delete(Duration.ofDays(30)),
                "records of internal topics that could not be decoded, with `__streams.errors.*` headers",
                "tag, ledger, batches → operators");
    }

    /// The layout this catalogue was made for.
    public TopicLayout layout() {
        return layout;
    }

    public Topic<byte[], byte[]> requests(Band band) {
        Topic<byte[], byte[]> topic = requests.get(band);
        if (topic == null) {
            throw new IllegalStateException("every band has a topic");
        }
        return topic;
    }

    public Topic<RequestId, Envelope<Admission>> tagged() {
        return tagged;
    }

    public Topic<PoolName, Envelope<Admission>> admitted() {
        return admitted;
    }

    public Topic<PoolName, Pull> pulls() {
        return standing.pulls();
    }

    public Topic<EndpointId, InteractiveLoad> interactive() {
        return standing.interactive();
    }

    public Topic<PoolName, Envelope<Outcome>> outcomes() {
        return outcomes;
    }

    public Topic<Incarnation, Envelope<Work>> work() {
        return work;
    }

    public Topic<String, Control> control() {
        return control;
    }

    public Topic<RequestId, byte[]> results() {
        return results;
    }

    public Topic<RequestId, Started> started() {
        return started;
    }

    public Topic<RequestId, StoredResponse> responses() {
        return responses;
    }

    public Topic<BatchId, Batch> batches() {
        return batches;
    }

    public Topic<FileId, StoredFile> files() {
        return files;
    }

    public Topic<UploadId, Upload> uploads() {
        return uploads;
    }

    public Topic<PartId, UploadPart> uploadParts() {
        return uploadParts;
    }

    public Topic<String, Hold> holds() {
        return holds;
    }

    public Topic<String, Claim> claims() {
        return claims;
    }

    public Topic<ModelName, ServedModel> models() {
        return names.models();
    }

    public Topic<ObjectiveName, Objective> objectives() {
        return names.objectives();
    }

    public Topic<RewriteName, ModelRewrite> rewrites() {
        return names.rewrites();
    }

    public Topic<PoolName, PoolSpec> pools() {
        return names.pools();
    }

    public Topic<TenantId, Tenant> tenants() {
        return names.tenants();
    }

    public Topic<String, LaneStatus> lanes() {
        return standing.lanes();
    }

    public Topic<String, Explanation> answers() {
        return answers;
    }

    public Topic<RequestId, Envelope<Exhausted>> exhausted() {
        return exhausted;
    }

    public WebhookTopics webhooks() {
        return webhooks;
    }

    public Topic<byte[], byte[]> deadLetters() {
        return deadLetters;
    }

    /// Every topic, in the order the data flows.
    public List<Topic<?, ?>> all() {
        List<Topic<?, ?>> all = new ArrayList<>(requests.values());
        all.addAll(List.of(
                tagged,
                admitted,
                standing.pulls(),
                standing.interactive(),
                work,
                outcomes,
                control,
                results,
                started,
                responses,
                batches,
                files,
                uploads,
                uploadParts,
                holds,
                claims));
        all.addAll(names.all());
        all.addAll(List.of(standing.lanes(), answers, exhausted));
        all.addAll(webhooks.all());
        all.add(deadLetters);
        return List.copyOf(all);
    }

    private <K, V> Topic<K, V> topic(
            String name,
            Serde<K> key,
            Serde<V> value,
            int partitions,
            Retention retention,
            String about,
            String traffic) {
        return new Topic<>(layout.prefix() + "." + name, key, value, partitions, retention, about, traffic);
    }

    private static Retention deleteAfterDays(int days) {
        return new Retention.Delete(Duration.ofDays(days));
    }
}
