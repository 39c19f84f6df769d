package io.penstock.payload.s3;

import io.penstock.payload.s3.S3Config.Location;
import io.penstock.payload.s3.S3Config.S3Calls;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/// Makes the SDK's client.
final class S3Clients {
    private S3Clients() {}

    /// A client that asks of the service no more than every one that speaks S3 has: no trailing checksums,
    /// no chunked signatures.
    static S3Client of(S3Config config) {
        Location location = config.location();
        S3Calls calls = config.calls();
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(location.region()))
                .forcePathStyle(location.pathStyle())
                .credentialsProvider(provider(config.credentials()))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(calls.connections())
                        .connectionTimeout(calls.connect())
                        .connectionAcquisitionTimeout(calls.silence())
                        .socketTimeout(calls.silence()))
                .overrideConfiguration(client -> client.apiCallTimeout(calls.call())
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(calls.attempts())
                                .build()));
        if (location.endpoint() != null) {
            builder.endpointOverride(location.endpoint());
        }
        return builder.build();
    }

    private static AwsCredentialsProvider provider(S3Credentials credentials) {
        return switch (credentials) {
            case S3Credentials.DefaultChain() ->
                DefaultCredentialsProvider.builder().build();
            case S3Credentials.Keys(String access, String secret) ->
                StaticCredentialsProvider.create(AwsBasicCredentials.create(access, secret));
            case S3Credentials.KeyFile(Path file) -> () -> read(file);
        };
    }

    private static AwsCredentials read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read payload.s3.credentials.file " + file, e);
        }
        String access = properties.getProperty("access.key", "").strip();
        String secret = properties.getProperty("secret.key", "").strip();
        String token = properties.getProperty("session.token", "").strip();
        if (access.isEmpty() || secret.isEmpty()) {
            throw new UncheckedIOException(
                    new IOException("payload.s3.credentials.file " + file + " must hold access.key and secret.key"));
        }
        return token.isEmpty()
                ? AwsBasicCredentials.create(access, secret)
                : AwsSessionCredentials.create(access, secret, token);
    }
}
