package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that contradict themselves are refused before anything is installed, with what to do. */
class ChecksTest {

    @Test
    void nothingButDefaultsIsToldWhatIsMissing() {
        assertThatThrownBy(() -> Chart.withNothingBut("{}").text())
                .hasMessageContaining("relay.tenants is empty")
                .hasMessageContaining("publisher.orgs is empty")
                .hasMessageContaining("--set simulator.enabled=true");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            single | {relay: {replicas: 2}}                                                     | More than one relay pod needs a Redis
            single | {relay: {autoscaling: {enabled: true}}}                                    | More than one relay pod needs a Redis
            single | {relay: {keda: {enabled: true, prometheusAddress: "http://p"}}}            | More than one relay pod needs a Redis
            single | {publisher: {enabled: true}}                                               | The publisher reaches relays through Redis only
            demo   | {relay: {autoscaling: {enabled: true}, keda: {enabled: true}}}             | Enable one
            demo   | {relay: {autoscaling: {enabled: true, minReplicas: 5, maxReplicas: 2}}}    | more than maxReplicas
            demo   | {relay: {autoscaling: {enabled: true, cpuUtilization: 0}}}                 | nothing to scale on
            demo   | {relay: {autoscaling: {enabled: true}, resources: {requests: {cpu: null}}}} | relay.resources.requests.cpu
            demo   | {relay: {keda: {enabled: true}}}                                           | needs relay.keda.prometheusAddress
            demo   | {relay: {rollout: {maxSurge: 0}}}                                          | nothing could ever be rolled out
            demo   | {redis: {hosts: [redis]}}                                                  | set valkey.enabled to false
            demo   | {redis: {password: x}}                                                     | set valkey.enabled to false
            demo   | {valkey: {auth: {password: x, existingSecret: other}}}                         | give one
            demo   | {valkey: {enabled: false}, redis: {hosts: [a, b]}}                         | redis.mode is standalone
            demo   | {valkey: {enabled: false}, redis: {hosts: [a], mode: sentinel}}            | needs redis.masterName
            demo   | {valkey: {enabled: false}, redis: {hosts: [a], mode: cluster}}             | not spoken by this version
            demo   | {valkey: {enabled: false}, redis: {hosts: [a], username: u}}               | redis.username needs
            demo   | {valkey: {enabled: false}, redis: {existingSecret: {urlKey: u}}}           | needs redis.existingSecret.name
            demo   | {valkey: {enabled: false}, redis: {hosts: [a], password: x, existingSecret: {name: other}}} | redis.password and redis.existingSecret.name
            demo   | {valkey: {enabled: false}, redis: {hosts: [a], existingSecret: {name: other, urlKey: u}}}   | redis.hosts and redis.existingSecret.urlKey
            demo   | {relay: {terminationGracePeriodSeconds: 49}}                               | 5) + drain.windowSeconds (30) + 15 = 50
            demo   | {relay: {config: {lightline: {drain: {window: 60s}}}}}                     | set relay.drain.windowSeconds
            demo   | {relay: {config: {quarkus: {shutdown: {delay: 5s}}}}}                      | would wait in addition
            demo   | {relay: {config: {lightline: {tenants: {a: {anonymous: true}}}}}}          | use relay.tenants
            demo   | {publisher: {config: {lightline: {publisher: {orgs-file: x}}}}}            | use publisher.orgs
            demo   | {publisher: {enabled: false}}                                              | simulator.enabled needs the publisher
            demo   | {relay: {tenants: {a: {allowed-origins: []}}}}                             | a has no issuers
            demo   | {relay: {tenants: {a: {issuers: {i: {jwks-url: "https://k"}}}}}}           | a has no allowed-origins
            demo   | {relay: {tenants: {a: {allowed-origins: [], allow-no-origin: false}}}}     | nobody could connect
            demo   | {relay: {tenants: {a: {allowed-origins: []}}}}                             | a has no namespaces
            demo   | {relay: {tenants: {a: {issuers: {i: {issuer: x}}}}}}                       | issuers.i has no key
            demo   | {relay: {tenants: {a: {anonymous: true}}}}                                 | At most one tenant may be anonymous
            demo   | {relay: {tenants: {a.b: {}, a-b: {}}}}                                     | too much alike
            demo   | {relay: {tenants: {demo: {}}}}                                             | Choose another
            demo   | {relay: {tenants: {helm-test: {}}}}                                        | tests.enabled to false
            demo   | {relay: {tenants: {a: {api-keys: [x], existingSecret: {name: s, apiKeysKey: k}}}}} | api-keys and existingSecret.apiKeysKey
            demo   | {relay: {tenants: {a: {existingSecret: {name: s, hmacSecretKeys: {i: k}}}}}}   | the issuer i, which is not there
            demo   | {relay: {tenants: {a: {existingSecret: {name: s, publicKeyKeys: {i: k}}}}}}    | the issuer i, which is not there
            demo   | {relay: {tenants: {a: {issuers: {i: {hmac-secret-file: /f}}, existingSecret: {name: s, hmacSecretKeys: {i: k}}}}}} | hmac-secret and existingSecret.hmacSecretKeys
            demo   | {publisher: {orgs: {a: {topics: [/event/A__e]}}}}                          | cannot log in
            demo   | {publisher: {orgs: {a: {topics: [/event/A__e], client-secret: x, existingSecret: {name: s, privateKeyKey: k}}}}} | several ways to log in (client-secret, existingSecret.privateKeyKey)
            demo   | {publisher: {orgs: {demo: {topics: [/event/A__e]}}}}                       | Choose another
            demo   | {httpRoute: {enabled: true}}                                               | needs httpRoute.parentRefs
            demo   | {gateway: {enabled: true}}                                                 | needs gateway.className
            demo   | {ingress: {enabled: true}}                                                 | needs ingress.hosts
            gke    | {httpRoute: {timeouts: {request: 0s}}}                                     | GKE's Gateway refuses
            demo   | {monitoring: {serviceMonitor: {enabled: true}, podMonitor: {enabled: true}}} | scrape every pod twice
            demo   | {tracing: {enabled: true}}                                                 | needs tracing.endpoint
            """)
    void aContradictionIsNamed(String values, String contradiction, String message) {
        assertThatThrownBy(() -> Chart.with(values, contradiction).text())
                .hasMessageContaining("These values contradict themselves")
                .hasMessageContaining(message);
    }
}
