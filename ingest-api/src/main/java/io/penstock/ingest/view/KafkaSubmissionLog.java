package io.penstock.ingest.view;

import io.penstock.ingest.claims.KafkaClaims;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.service.KafkaClients;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.FileId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes submissions to Kafka with `acks=all`, and gives up after 10 s.
public final class KafkaSubmissionLog implements SubmissionLog, Service {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSubmissionLog.class);

    private final KafkaProducer<byte[], byte[]> producer;
    private final Topics topics;
    private final KafkaCatalogues catalogues;
    private final KafkaClaims claims;

    /// Writes show in `catalogues` at once; a claim is decided within `keyPatience`.
    public KafkaSubmissionLog(Topics topics, KafkaClients kafka, KafkaCatalogues catalogues, Duration keyPatience) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000");
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "penstock-ingest");
        properties.putAll(kafka.producer());
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.topics = topics;
        this.catalogues = catalogues;
        this.claims =
                new KafkaClaims(topics.claims(), kafka, (id, claim) -> write(topics.claims(), id, claim), keyPatience);
    }

    @Override
    public String name() {
        return "submission log";
    }

    @Override
    public void start() {
        // The producer connects when it first writes: chat must work with Kafka down.
        claims.start();
    }

    @Override
    public void close() {
        claims.close();
        producer.close(Duration.ofSeconds(10));
    }

    @Override
    public Held claim(String id, String fingerprint) {
        return claims.claim(id, fingerprint);
    }

    @Override
    public void put(StoredFile file) {
        RecordMetadata written = await(send(topics.files(), null, file.id(), file));
        catalogues.files.wrote(file.id(), file, written.offset());
    }

    @Override
    public void delete(FileId file) {
        RecordMetadata written = await(send(topics.files(), null, file, null));
        catalogues.files.wrote(file, null, written.offset());
    }

    @Override
    public void put(Upload upload) {
        RecordMetadata written = await(send(topics.uploads(), null, upload.id(), upload));
        catalogues.uploads.wrote(upload.id(), upload, written.offset());
    }

    @Override
    public void put(UploadPart part) {
        RecordMetadata written = await(send(topics.uploadParts(), null, part.id(), part));
        catalogues.parts.wrote(part.id(), part, written.offset());
    }

    @Override
    public void submit(Batch batch) {
        RecordMetadata written = await(send(topics.batches(), null, batch.id(), batch));
        catalogues.batches.wrote(batch.id(), batch, written.offset());
    }

    @Override
    public void request(Band band, Redrive again) {
        Topic<byte[], byte[]> topic = topics.requests(band);
        byte[] key = again.id().value().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic.name(), key, again.line());
        again.headers().forEach((name, value) -> record.headers().add(name, value));
        await(send(record));
    }

    @Override
    public void command(Control control) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int partition = 0; partition < topics.control().partitions(); partition++) {
            sent.add(send(topics.control(), partition, control.target().key(), control));
        }
        sent.forEach(KafkaSubmissionLog::await);
    }

    /// Writes a record and returns its offset once the log has it for good.
    <K, V> long write(Topic<K, V> topic, K key, V value) {
        return await(send(topic, null, key, value)).offset();
    }

    private <K, V> Future<RecordMetadata> send(
            Topic<K, V> topic, @Nullable Integer partition, K key, @Nullable V value) {
        byte[] keyBytes = topic.key().serializer().serialize(topic.name(), key);
        byte[] valueBytes = value == null ? null : topic.value().serializer().serialize(topic.name(), value);
        return send(new ProducerRecord<>(topic.name(), partition, keyBytes, valueBytes));
    }

    private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record);
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    private static RecordMetadata await(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw unavailable(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private static ApiException unavailable(@Nullable Throwable cause) {
        LOG.atWarn().addKeyValue("reason", String.valueOf(cause)).log("a submission could not be written");
        return new ApiException(
                ErrorKind.OVERLOADED, "The submission could not be written to the log now; please try again.");
    }
}
