package io.penstock.router.batches.input;

import io.penstock.topics.line.LineOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/// Which lines of one input are twins: of equal body and equal wishes, byte for byte, as an earlier line,
/// their original. 20 to 30 bytes per original and 4 per line: at most 34 MB for a million lines.
public final class Twins {
    private static final int MIN_LINES = 1024;

    private final DigestTable bodies = new DigestTable(true);
    private final BitSet originals = new BitSet();
    private int[] originalOf = new int[0];
    private int count;

    /// Takes in `line`, which is good; true if it is a twin.
    boolean add(int line, byte[] body, LineOptions options) {
        byte[] wishes = (options.objective() + " " + options.deadline() + " ").getBytes(StandardCharsets.UTF_8);
        int original = bodies.put(Digests.sha256(wishes, body), line);
        if (original == 0) {
            return false;
        }
        if (line > originalOf.length) {
            originalOf = Arrays.copyOf(originalOf, Math.max(MIN_LINES, line + line / 2));
        }
        originalOf[line - 1] = original;
        originals.set(original - 1);
        count++;
        return true;
    }

    /// How many lines are twins.
    public int count() {
        return count;
    }

    /// The lines that have twins, where bit 0 stands for line 1.
    public BitSet originals() {
        return originals;
    }

    /// The original of each of `length` lines behind line `from`, 0 for lines that are no twins.
    public int[] originalsOf(int from, int length) {
        int start = Math.min(originalOf.length, from);
        int[] known = Arrays.copyOfRange(originalOf, start, Math.min(originalOf.length, from + length));
        return Arrays.copyOf(known, length);
    }
}
