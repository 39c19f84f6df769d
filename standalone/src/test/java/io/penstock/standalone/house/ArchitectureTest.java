package io.penstock.standalone.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Who may depend on whom (the table in ARCHITECTURE.md), and which library belongs behind which
/// package.
@AnalyzeClasses(packages = "io.penstock", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule modulesDependAsTheTableSays = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.penstock..")
            .layer("topics")
            .definedBy("io.penstock.topics..")
            .layer("service")
            .definedBy("io.penstock.service..")
            .layer("payload-store")
            .definedBy("io.penstock.payload..")
            .layer("inference-pool")
            .definedBy("io.penstock.pool..")
            .layer("ingest-api")
            .definedBy("io.penstock.ingest..")
            .layer("stream-router")
            .definedBy("io.penstock.router..")
            .layer("gpu-workers")
            .definedBy("io.penstock.worker..")
            .layer("vllm-simulator")
            .definedBy("io.penstock.simulator..")
            .layer("standalone")
            .definedBy("io.penstock.standalone..")
            .optionalLayer("bench")
            .definedBy("io.penstock.bench..")
            .whereLayer("topics")
            .mayNotAccessAnyLayer()
            .whereLayer("service")
            .mayNotAccessAnyLayer()
            .whereLayer("vllm-simulator")
            .mayNotAccessAnyLayer()
            .whereLayer("payload-store")
            .mayOnlyAccessLayers("topics")
            .whereLayer("inference-pool")
            .mayOnlyAccessLayers("topics")
            .whereLayer("ingest-api")
            .mayOnlyAccessLayers("topics", "service", "payload-store", "inference-pool")
            .whereLayer("stream-router")
            .mayOnlyAccessLayers("topics", "service", "payload-store")
            .whereLayer("gpu-workers")
            .mayOnlyAccessLayers("topics", "service", "payload-store", "inference-pool")
            .whereLayer("standalone")
            .mayOnlyBeAccessedByLayers("bench")
            .whereLayer("bench")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule theInferencePoolSeesOnlyTheValuesOfTheContract = noClasses()
            .that()
            .resideInAPackage("io.penstock.pool..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.penstock.topics.catalogue..", "io.penstock.topics.admin..");

    @ArchTest
    static final ArchRule onePackageKnowsJetty = noClasses()
            .that()
            .resideOutsideOfPackage("io.penstock.ingest.http.jetty..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..");

    @ArchTest
    static final ArchRule insideTheProgramsThreePackagesKnowTheHttpClient = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.penstock.pool..", "io.penstock.ingest..", "io.penstock.worker..", "io.penstock.router..")
            .and()
            .resideOutsideOfPackages(
                    "io.penstock.pool.client..",
                    "io.penstock.pool.discovery.kubernetes..",
                    "io.penstock.ingest.webhooks.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("okhttp3..");

    @ArchTest
    static final ArchRule onePackageKnowsTheAwsSdk = noClasses()
            .that()
            .resideOutsideOfPackage("io.penstock.payload.s3..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..");

    @ArchTest
    static final ArchRule onePackageKnowsTheYamlLibrary = noClasses()
            .that()
            .resideOutsideOfPackage("io.penstock.topics.yaml..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.snakeyaml..");

    @ArchTest
    static final ArchRule onlyTheRouterKnowsStreams = noClasses()
            .that()
            .resideOutsideOfPackage("io.penstock.router..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka.streams..");

    @ArchTest
    static final ArchRule oneClassKnowsTheBrokersInsides = noClasses()
            .that()
            .doNotHaveSimpleName("EmbeddedBroker")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("kafka..", "org.apache.kafka.metadata..", "org.apache.kafka.server..");

    @ArchTest
    static final ArchRule pureDecisionsKnowNoTransport = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.penstock.topics.id..",
                    "io.penstock.topics.record..",
                    "io.penstock.topics.line..",
                    "io.penstock.topics.rewrite..",
                    "io.penstock.pool.kv..",
                    "io.penstock.pool.pick..",
                    "io.penstock.ingest.openai..",
                    "io.penstock.ingest.webhooks.policy..",
                    "io.penstock.simulator.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..", "okhttp3..", "org.eclipse.jetty..", "java.net..", "java.nio.channels..");
}
