package io.penstock.pool.pick;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.ModelName;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockHasherTest {
    private static final String MODEL = "test-model1";

    private final BlockHasher fours = new BlockHasher(4, 256);

    /// The published vectors of the Endpoint Picker's prefix plugin, blocks of four bytes.
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
        test-model1,    -, aaaaaa,       cc8952e70e1c4504
        test-model1,    -, aaaabbbbcccc, cc8952e70e1c4504 251707ac8b048154 a39267888ad6734a
        test-model-new, -, aaaabbbb,     290aa1412c11a41e 069d47acc90dc82e
        test-model1,    s, aaaaaa,       0463dd03ebca149c
        test-model1,    -, aaa,          ''
        """)
    void blocksAreHashedAsTheEndpointPickerDoes(String model, String salt, String text, String hashes) {
        byte[] bytes = ("xx" + text + "yy").getBytes(StandardCharsets.UTF_8);

        assertThat(hex(fours.blocks(new ModelName(model), salt, bytes, 2, text.length())))
                .isEqualTo(hashes);
    }

    @Test
    void noMoreThanTheLargestNumberOfBlocksIsHashed() {
        assertThat(new BlockHasher(256)
                        .blocks(new ModelName(MODEL), null, new byte[1 << 20], 0, 1 << 20)
                        .count())
                .isEqualTo(256);
        assertThat(new BlockHasher(256)
                        .blocks(new ModelName(MODEL), null, new byte[127], 0, 127)
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatWasSentBeforeIsFoundAgain() {
        SentBlocks pod = new SentBlocks(100);
        pod.sent(blocks(MODEL, "aaaaaa"));
        assertThat(pod.share(blocks(MODEL, "aaaabbbb"))).isEqualTo(0.5);
        pod.sent(blocks(MODEL, "aaaabbbb"));
        assertThat(pod.share(blocks(MODEL, "aaaabbbbcccc"))).isEqualTo(2.0 / 3);
        assertThat(pod.share(blocks("test-model-new", "aaaabbbb"))).isZero();
        assertThat(pod.share(PromptBlocks.NONE)).isZero();
        pod.forget();
        assertThat(pod.share(blocks(MODEL, "aaaa"))).isZero();
    }

    @Test
    void onlyWhatIsContiguousFromTheStartCounts() {
        SentBlocks pod = new SentBlocks(3);
        PromptBlocks four = blocks(MODEL, "aaaabbbbccccdddd");
        pod.sent(four);
        // Room for three: the last block went first, and the beginning is what is left.
        assertThat(pod.share(four)).isEqualTo(0.75);
        assertThat(new PromptBlocks(new long[] {1, four.hash(1), four.hash(2)}))
                .satisfies(gap -> assertThat(pod.share(gap)).isZero());
    }

    @Test
    void whatIsKeptIsBoundedAndTheNewest() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        SentBlocks pod = new SentBlocks(50);
        for (int round = 0; round < 1_000; round++) {
            String text = IntStream.range(0, 1 + random.nextInt(10))
                    .mapToObj(_ -> "block".substring(0, 3) + random.nextInt(9))
                    .collect(Collectors.joining());
            pod.sent(blocks(MODEL, text));
            assertThat(pod.share(blocks(MODEL, text))).as("seed %d", seed).isEqualTo(1);
            assertThat(pod.size()).as("seed %d", seed).isLessThanOrEqualTo(50);
        }
    }

    private PromptBlocks blocks(String model, String text) {
        return fours.blocks(new ModelName(model), null, text.getBytes(StandardCharsets.UTF_8), 0, text.length());
    }

    private static String hex(PromptBlocks blocks) {
        StringJoiner all = new StringJoiner(" ");
        for (int i = 0; i < blocks.count(); i++) {
            all.add(String.format("%016x", blocks.hash(i)));
        }
        return all.toString();
    }
}
