package io.penstock.ingest.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PagingTest {
    @Test
    void pagesTogetherAreTheListWhateverTheirSize() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            List<String> all = new ArrayList<>(IntStream.range(0, random.nextInt(30))
                    .mapToObj(i -> "id" + i)
                    .toList());
            boolean ascending = random.nextBoolean();
            String limit = Integer.toString(1 + random.nextInt(12));
            List<String> read = new ArrayList<>();
            String after = null;
            boolean more = true;
            while (more) {
                ObjectNode page = Paging.of(limit, ascending ? "asc" : "desc", after, 20, 100)
                        .page(all, PagingTest::object);
                for (JsonNode object : page.get("data")) {
                    read.add(object.get("id").asString());
                }
                more = page.get("has_more").asBoolean();
                after = page.get("last_id").isNull()
                        ? null
                        : page.get("last_id").asString();
            }
            if (ascending) {
                Collections.reverse(all);
            }
            assertThat(read).as("seed %d, round %d", seed, round).isEqualTo(all);
        }
    }

    @Test
    void afterTheLastComesAnEmptyPage() {
        ObjectNode page = of(null, "b").page(List.of("a", "b"), PagingTest::object);

        assertThat(page.toString())
                .isEqualTo("{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,\"has_more\":false}");
    }

    @Test
    void aFilteredListPagesOnBehindAnObjectThatItNoLongerShows() {
        List<String> all = List.of("a", "b1", "c", "b2", "b3");

        ObjectNode page = of("2", null).page(all, id -> id.startsWith("b"), id -> id, PagingTest::object);
        assertThat(page.get("last_id").asString()).isEqualTo("b2");
        assertThat(page.get("has_more").asBoolean()).isTrue();
        ObjectNode rest = of("2", "c").page(all, id -> id.equals("b3"), id -> id, PagingTest::object);
        assertThat(rest.get("first_id").asString()).isEqualTo("b3");
        assertThat(rest.get("has_more").asBoolean()).isFalse();
        ObjectNode none = of("2", "b3").page(all, _ -> true, id -> id, PagingTest::object);
        assertThat(none.get("data").isEmpty()).isTrue();
        assertThatThrownBy(() -> of(null, "zz").page(all, _ -> true, id -> id, PagingTest::object))
                .hasMessageContaining("'zz'");
    }

    @Test
    void whatMakesNoPageIsRefused() {
        assertThatThrownBy(() -> of("0", null)).hasMessageContaining("from 1 to 100");
        assertThatThrownBy(() -> of("101", null)).hasMessageContaining("'101'");
        assertThatThrownBy(() -> of("x", null)).hasMessageContaining("'x'");
        assertThatThrownBy(() -> Paging.of(null, "up", null, 20, 100)).hasMessageContaining("'asc' and 'desc'");
        assertThatThrownBy(() -> of(null, "zz").page(List.of("a"), PagingTest::object))
                .hasMessageContaining("'zz'");
    }

    private static Paging of(@Nullable String limit, @Nullable String after) {
        return Paging.of(limit, null, after, 20, 100);
    }

    private static ObjectNode object(String id) {
        return JsonMapper.shared().createObjectNode().put("id", id);
    }
}
