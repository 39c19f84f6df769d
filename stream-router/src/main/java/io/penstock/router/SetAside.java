package io.penstock.router;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one record that trips a defect of ours from stopping its task for ever: it goes to the dead
/// letters with the `__streams.errors.*` headers. Failures of Kafka or of the store are no defect of
/// the record: they stop the thread, the transaction is aborted, and the record is read again.
public final class SetAside implements ProcessingExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);

    private @Nullable String deadLetters;

    @Override
    public void configure(Map<String, ?> configs) {
        Object topic = configs.get(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG);
        deadLetters = topic == null ? null : topic.toString();
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (exception instanceof KafkaException) {
            return Response.fail();
        }
        LOG.atError()
                .addKeyValue("topic", context.topic())
                .addKeyValue("partition", context.partition())
                .addKeyValue("offset", context.offset())
                .addKeyValue("node", context.processorNodeId())
                .setCause(exception)
                .log("record set aside: processing it failed");
        // A punctuation has no source record.
        return deadLetters == null || context.sourceRawValue() == null
                ? Response.resume()
                : Response.resume(List.of(deadLetter(deadLetters, context, exception)));
    }

    private static ProducerRecord<byte[], byte[]> deadLetter(
            String topic, ErrorHandlerContext context, Exception exception) {
        RecordHeaders headers = new RecordHeaders(context.headers());
        add(headers, "exception", exception.getClass().getName());
        add(headers, "message", String.valueOf(exception.getMessage()));
        add(headers, "topic", context.topic());
        add(headers, "partition", Integer.toString(context.partition()));
        add(headers, "offset", Long.toString(context.offset()));
        return new ProducerRecord<>(topic, null, null, context.sourceRawKey(), context.sourceRawValue(), headers);
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add("__streams.errors." + name, value.getBytes(StandardCharsets.UTF_8));
    }
}
