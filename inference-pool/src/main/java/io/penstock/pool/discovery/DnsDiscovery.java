package io.penstock.pool.discovery;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EngineAddress;
import io.penstock.topics.id.EndpointId;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Resolves a name again and again, such as that of a headless service: an engine at each address. An
/// answer without addresses says nothing, for name servers give it when they are restarted, too.
///
/// Where a name has addresses of both families, those of the fourth version count: a pod of a dual-stack
/// cluster has one of each, and would be two engines.
final class DnsDiscovery implements Discovery {
    private final EngineSource.Dns source;
    private final Resolver resolver;
    private final Duration every;
    private final SourceReport report;
    private final Semaphore closing = new Semaphore(0);
    private final Thread thread;

    DnsDiscovery(EngineSource.Dns source, Resolver resolver, Duration every, SourceReport report) {
        this.source = source;
        this.resolver = resolver;
        this.every = every;
        this.report = report;
        // A platform thread: a look-up blocks in native code, for half a minute if name servers are away.
        this.thread =
                Thread.ofPlatform().daemon().name("discover " + source.host()).unstarted(this::run);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closing.release();
    }

    private void run() {
        try {
            do {
                look();
            } while (!closing.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            List<Endpoint> endpoints = endpoints(source.address(), resolver.resolve(source.host()));
            if (endpoints.isEmpty()) {
                report.failed(source.host() + " has no address");
            } else {
                report.found(endpoints);
            }
        } catch (UnknownHostException _) {
            report.failed(source.host() + " cannot be resolved");
        }
    }

    static List<Endpoint> endpoints(EngineAddress address, InetAddress... found) {
        boolean fourth = Stream.of(found).anyMatch(Inet4Address.class::isInstance);
        return Arrays.stream(found)
                .filter(one -> one instanceof Inet4Address == fourth)
                .map(one -> at(URI.create(address.location()), one))
                .distinct()
                .sorted()
                .map(http -> address.endpoint(new EndpointId(http), http))
                .toList();
    }

    private static String at(URI named, InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String literal = scope < 0 ? text : text.substring(0, scope);
        return named.getScheme()
                + "://"
                + (literal.contains(":") ? "[" + literal + "]" : literal)
                + (named.getPort() < 0 ? "" : ":" + named.getPort())
                + named.getRawPath();
    }
}
