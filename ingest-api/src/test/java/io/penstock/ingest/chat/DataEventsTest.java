package io.penstock.ingest.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.line.ModelEcho;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataEventsTest {
    private static final ModelName SENT = new ModelName("food-review");

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void everyEventNamesTheModelAsTheClientDoesAndIsOtherwiseAsItWas(String end) throws IOException {
        String events =
                "data: {\"id\":\"é\",\"model\":\"engine\",\"choices\":[{\"delta\":{\"content\":\"\\\"model\\\":\"}}]}"
                        + end + end
                        + ": ping" + end + end
                        + "event: response.created" + end
                        + "data:{\"response\":{\"model\":\"engine\"}}" + end + end
                        + "data: {\"usage\":{}}" + end + end
                        + "data: [DONE]" + end + end;

        assertThat(renamed(events)).containsExactly(events.replace("\"engine\"", "\"food-review\""));
    }

    @Test
    void aWriteStaysOneWrite() throws IOException {
        assertThat(renamed("data: {\"model\":\"a\"}\n\n", "data: {\"model\":\"b\"}\n\ndata: {}\n\n"))
                .containsExactly(
                        "data: {\"model\":\"food-review\"}\n\n", "data: {\"model\":\"food-review\"}\n\ndata: {}\n\n");
    }

    @Test
    void partOfABufferIsWritten() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = "xxdata: {\"model\":\"a\"}\n\nyy".getBytes(UTF_8);
        try (OutputStream renamed = renaming(out)) {
            renamed.write(buffer, 2, buffer.length - 4);
        }
        assertThat(out.toString(UTF_8)).isEqualTo("data: {\"model\":\"food-review\"}\n\n");
    }

    @Test
    void aWriteWithoutTheNeedleIsPassedOnAsItIs() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream events = new DataEvents(out, "\"error\"", _ -> "x\n".getBytes(UTF_8))) {
            events.write("data: {}\n\n".getBytes(UTF_8));
            events.write("data: {\"error\":1}\n\n".getBytes(UTF_8));
        }
        assertThat(out.toString(UTF_8)).isEqualTo("data: {}\n\ndata:x\n\n");
    }

    private static OutputStream renaming(OutputStream out) {
        return new DataEvents(out, "\"model\"", data -> ModelEcho.in(data, SENT));
    }

    private static List<String> renamed(String... writes) throws IOException {
        List<String> seen = new ArrayList<>();
        OutputStream recorder = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("bytes are not written one by one");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                seen.add(new String(bytes, offset, length, UTF_8));
            }
        };
        try (OutputStream renamed = renaming(recorder)) {
            for (String write : writes) {
                renamed.write(write.getBytes(UTF_8));
            }
        }
        return seen;
    }
}
