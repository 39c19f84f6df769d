package io.penstock.router.batches.input;

import io.penstock.topics.line.Slice;
import io.penstock.topics.record.BodyRef;

/// One physical line of an input file; `number` counts from 1, blank lines included.
public sealed interface Line {
    int number();

    /// A line as it lies at byte `offset` of `blob`, without its line end and without a byte order mark
    /// before it.
    @SuppressWarnings("ArrayRecordComponent") // handed on from the reader to one consumer, which only reads
    record Text(int number, String blob, long offset, byte[] bytes) implements Line {
        /// True if the line holds nothing but spaces and tabs; such lines are no requests.
        public boolean isBlank() {
            for (byte b : bytes) {
                if (b != ' ' && b != '\t' && b != '\r') {
                    return false;
                }
            }
            return true;
        }

        /// Where `slice` of this line lies in the payload store.
        public BodyRef locate(Slice slice) {
            return new BodyRef(blob, offset + slice.offset(), slice.length());
        }
    }

    /// A line of `bytes` bytes, more than the limit; its content was not kept.
    record TooLong(int number, long bytes) implements Line {}
}
