package io.penstock.topics.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class BodyFieldsTest {
    private static final long SEED = 20_261_128;

    @Test
    void changesValuesWhereTheyAreAndAddsTheOthers() throws MalformedJson {
        String body = " {\"ä\" : \"🎉\",\"stream\":true , \"nested\":{\"stream\":true}}\n";

        assertThat(spliced(body, Map.of("stream", "false")))
                .isEqualTo(" {\"ä\" : \"🎉\",\"stream\":false , \"nested\":{\"stream\":true}}\n");
        assertThat(spliced(body, Map.of("store", "false")))
                .isEqualTo(" {\"ä\" : \"🎉\",\"stream\":true , \"nested\":{\"stream\":true},\"store\":false}\n");
        assertThat(spliced("{}", Map.of("a", "[1]"))).isEqualTo("{\"a\":[1]}");
        assertThat(spliced(body, Map.of())).isEqualTo(body);
    }

    @Test
    void whatIsSplicedSaysWhatATreeWouldSay() throws MalformedJson {
        Random random = new Random(SEED);
        JsonMapper json = JsonMapper.shared();
        for (int i = 0; i < 200; i++) {
            ObjectNode tree = json.createObjectNode();
            Map<String, String> changes = new LinkedHashMap<>();
            for (int field = random.nextInt(6); field > 0; field--) {
                tree.put("f" + random.nextInt(8), random.nextBoolean() ? "ü\"" : "12");
            }
            byte[] body = json.writeValueAsBytes(tree);
            for (int change = random.nextInt(4); change > 0; change--) {
                String name = "f" + random.nextInt(8);
                changes.put(name, Integer.toString(random.nextInt(1000)));
                tree.put(name, Integer.parseInt(changes.get(name)));
            }
            assertThat(json.readTree(BodyFields.of(body).spliced(body, changes)))
                    .as("seed %d, round %d", SEED, i)
                    .isEqualTo(json.readTree(json.writeValueAsBytes(tree)));
        }
    }

    private static String spliced(String body, Map<String, String> changes) throws MalformedJson {
        byte[] bytes = body.getBytes(UTF_8);
        return new String(BodyFields.of(bytes).spliced(bytes, changes), UTF_8);
    }
}
