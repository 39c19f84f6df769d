package io.penstock.router.batches.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSetTest {
    @Test
    void aChunkIsASetOfLines() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int first = 1 + LineSet.LINES * random.nextInt(10);
        LineSet one = LineSet.NONE;
        LineSet two = LineSet.NONE;
        BitSet inOne = new BitSet();
        BitSet inTwo = new BitSet();
        for (int i = 0; i < 3_000; i++) {
            int line = first + random.nextInt(LineSet.LINES);
            one = one.with(line);
            inOne.set(line);
            int other = first + random.nextInt(LineSet.LINES);
            two = two.with(other);
            inTwo.set(other);
        }
        for (int line = first; line < first + LineSet.LINES; line++) {
            assertThat(one.contains(line)).as("seed %d, line %d", seed, line).isEqualTo(inOne.get(line));
            assertThat(one.or(two).contains(line)).isEqualTo(inOne.get(line) || inTwo.get(line));
            assertThat(one.and(two).contains(line)).isEqualTo(inOne.get(line) && inTwo.get(line));
            assertThat(one.minus(two).contains(line)).isEqualTo(inOne.get(line) && !inTwo.get(line));
            assertThat(LineSet.chunkOf(line)).isEqualTo((first - 1) / LineSet.LINES);
        }
        assertThat(one.size()).isEqualTo(inOne.cardinality());
        assertThat(LineSet.of(one.bytes())).isEqualTo(one);
        assertThat(LineSet.NONE.isEmpty()).isTrue();
    }

    @Test
    void chunksCoverAllLines() {
        assertThat(LineSet.chunksOf(1)).isEqualTo(1);
        assertThat(LineSet.chunksOf(LineSet.LINES)).isEqualTo(1);
        assertThat(LineSet.chunksOf(LineSet.LINES + 1)).isEqualTo(2);
        assertThat(LineSet.chunkOf(LineSet.LINES)).isZero();
        assertThat(LineSet.chunkOf(LineSet.LINES + 1)).isEqualTo(1);
    }
}
