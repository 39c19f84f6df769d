package io.penstock.pool.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.penstock.pool.Endpoint;
import io.penstock.pool.EngineAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(30)
class DnsDiscoveryTest {
    private static final DiscoveryRules OFTEN = new DiscoveryRules(3, Duration.ofMillis(100), null);

    private final RecordingListener listener = new RecordingListener();
    private final AtomicReference<Resolver> answer = new AtomicReference<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final Logger logger = (Logger) LoggerFactory.getLogger(EngineDiscovery.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final EngineDiscovery discovery = new EngineDiscovery(
            EngineSources.of(List.of("http://gpu-0:8000", "dns+http://engines.svc:8000"), OFTEN, Map.of()),
            listener,
            host -> {
                assertThat(host).isEqualTo("engines.svc");
                asked.incrementAndGet();
                return answer.get().resolve(host);
            });

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        discovery.close();
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    @Test
    void enginesComeAndGoWithTheAddressesOfTheName() {
        answer.set(_ -> addresses("10.0.0.2", "10.0.0.1"));
        discovery.start();
        awaitAddresses("http://10.0.0.1:8000", "http://10.0.0.2:8000", "http://gpu-0:8000");

        answer.set(_ -> addresses("10.0.0.3", "10.0.0.2"));
        awaitAddresses("http://10.0.0.2:8000", "http://10.0.0.3:8000", "http://gpu-0:8000");
        assertThat(discovery.known("dns+http://engines.svc:8000")).hasSize(2);
        assertThat(discovery.known("static")).hasSize(1);
    }

    @Test
    void whatCannotBeResolvedKeepsWhatIsKnownAndIsSaidOnce() {
        answer.set(_ -> addresses("10.0.0.1"));
        discovery.start();
        awaitAddresses("http://10.0.0.1:8000", "http://gpu-0:8000");

        answer.set(host -> {
            throw new UnknownHostException(host);
        });
        awaitFailures(3);
        answer.set(_ -> addresses());
        awaitFailures(6);
        assertThat(listener.addresses()).containsExactly("http://10.0.0.1:8000", "http://gpu-0:8000");
        assertThat(logged("engines cannot be looked for; those known are kept")).isEqualTo(1);

        answer.set(_ -> addresses("10.0.0.9"));
        awaitAddresses("http://10.0.0.9:8000", "http://gpu-0:8000");
        assertThat(logged("engines are found again")).isEqualTo(1);
    }

    @Test
    void whatIsTooMuchIsRefusedAndSaidOnce() {
        answer.set(_ -> addresses("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"));
        discovery.start();
        awaitAddresses("http://10.0.0.1:8000", "http://10.0.0.2:8000", "http://gpu-0:8000");

        int soFar = asked.get();
        Awaitility.await().until(() -> asked.get() > soFar + 1);
        assertThat(discovery.refused("dns+http://engines.svc:8000")).isEqualTo(2);
        assertThat(logged("there are more engines than may be used; the rest is refused"))
                .isEqualTo(1);
    }

    @Test
    void nothingIsToldAfterTheClose() {
        answer.set(_ -> addresses("10.0.0.1"));
        discovery.start();
        awaitAddresses("http://10.0.0.1:8000", "http://gpu-0:8000");

        discovery.close();
        discovery.close();
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("discover engines.svc")));
        assertThat(listener.addresses()).hasSize(2);
    }

    @Test
    void anEngineOfTwoFamiliesIsOneEngine() throws UnknownHostException {
        EngineAddress address = EngineAddress.of("http://engines:8000");

        assertThat(DnsDiscovery.endpoints(address, addresses("fd00::1", "10.0.0.1", "10.0.0.1")))
                .extracting(Endpoint::baseUri)
                .containsExactly(URI.create("http://10.0.0.1:8000"));
        assertThat(DnsDiscovery.endpoints(address, addresses("fd00::1", "fe80::2")))
                .extracting(Endpoint::baseUri)
                .containsExactly(
                        URI.create("http://[fd00:0:0:0:0:0:0:1]:8000"), URI.create("http://[fe80:0:0:0:0:0:0:2]:8000"));
    }

    @Test
    void metricsMayBeAtAnotherPortOfEachEngine() throws UnknownHostException {
        EngineAddress address = EngineAddress.of("https://engines#metrics=:8002/metrics");

        assertThat(DnsDiscovery.endpoints(address, addresses("10.0.0.1")))
                .singleElement()
                .satisfies(endpoint -> {
                    assertThat(endpoint.baseUri()).hasToString("https://10.0.0.1");
                    assertThat(endpoint.metrics()).hasToString("https://10.0.0.1:8002/metrics");
                });
    }

    private void awaitAddresses(String... expected) {
        Awaitility.await().untilAsserted(() -> assertThat(listener.addresses()).containsExactly(expected));
    }

    private void awaitFailures(int least) {
        Awaitility.await().until(() -> listener.failures() >= least);
    }

    private long logged(String message) {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getMessage().equals(message))
                .count();
    }

    /// Literals are never looked up.
    private static InetAddress[] addresses(String... literals) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals) {
            addresses.add(InetAddress.getByName(literal));
        }
        return addresses.toArray(InetAddress[]::new);
    }
}
