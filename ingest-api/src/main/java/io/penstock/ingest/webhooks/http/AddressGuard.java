package io.penstock.ingest.webhooks.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which addresses are no business of a tenant: this machine, private and shared networks, link-local
/// ones with the clouds' metadata services, multicast, and whatever IANA has set apart, also where IPv6
/// carries an IPv4 address inside.
final class AddressGuard {
    /// Blocks that are not globally reachable, by IANA's special-purpose registries.
    private static final List<Block> BLOCKS = List.of(
            Block.of("0.0.0.0", 8, "this network"),
            Block.of("10.0.0.0", 8, "a private network"),
            Block.of("100.64.0.0", 10, "a shared network (CGNAT)"),
            Block.of("127.0.0.0", 8, "this machine"),
            Block.of("169.254.0.0", 16, "a link-local network"),
            Block.of("172.16.0.0", 12, "a private network"),
            Block.of("192.0.0.0", 24, "a reserved network"),
            Block.of("192.0.2.0", 24, "a documentation network"),
            Block.of("192.88.99.0", 24, "a reserved network"),
            Block.of("192.168.0.0", 16, "a private network"),
            Block.of("198.18.0.0", 15, "a benchmarking network"),
            Block.of("198.51.100.0", 24, "a documentation network"),
            Block.of("203.0.113.0", 24, "a documentation network"),
            Block.of("224.0.0.0", 4, "a multicast group"),
            Block.of("240.0.0.0", 4, "a reserved network"),
            Block.of("::", 80, "this machine"),
            Block.of("64:ff9b:1::", 48, "a private translation network"),
            Block.of("100::", 64, "a discard-only network"),
            Block.of("2001::", 23, "a reserved network"),
            Block.of("2001:db8::", 32, "a documentation network"),
            Block.of("3fff::", 20, "a documentation network"),
            Block.of("5f00::", 16, "a segment routing network"),
            Block.of("fc00::", 7, "a private network"),
            Block.of("fe80::", 10, "a link-local network"),
            Block.of("fec0::", 10, "a private network"),
            Block.of("ff00::", 8, "a multicast group"));

    private static final Block TRANSLATED = Block.of("64:ff9b::", 96, "translated IPv4");
    private static final Block SIX_TO_FOUR = Block.of("2002::", 16, "6to4");

    private AddressGuard() {}

    private record Block(List<Byte> prefix, int bits, String what) {
        static Block of(String address, int bits, String what) {
            return new Block(boxed(InetAddress.ofLiteral(address).getAddress()), bits, what);
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.size()) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if (((address[bit / 8] ^ prefix.get(bit / 8)) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }

        private static List<Byte> boxed(byte[] bytes) {
            Byte[] boxed = new Byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                boxed[i] = bytes[i];
            }
            return List.of(boxed);
        }
    }

    /// Why nothing may be sent to `address`; null if it may.
    static @Nullable String refusal(InetAddress address) {
        byte[] bytes = bytes(address);
        for (Block block : BLOCKS) {
            if (block.contains(bytes)) {
                return block.what();
            }
        }
        return null;
    }

    /// The address that counts: the IPv4 one where IPv6 is only its envelope (NAT64, 6to4; mapped ones
    /// Java has unwrapped itself).
    private static byte[] bytes(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (TRANSLATED.contains(bytes)) {
            return Arrays.copyOfRange(bytes, 12, 16);
        }
        return SIX_TO_FOUR.contains(bytes) ? Arrays.copyOfRange(bytes, 2, 6) : bytes;
    }
}
