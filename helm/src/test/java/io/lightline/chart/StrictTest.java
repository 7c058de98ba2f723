package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The validator itself: what passes unseen here would pass unseen in the chart. */
class StrictTest {

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: x}
            spec:
              selector: {matchLabels: {a: b}}
              template:
                metadata: {labels: {a: b}}
                spec:
                  containers:
                  - name: c
                    image: i
                    env: [{name: A, value: "1"}]
                    livenessProbe: {httpGet: {path: /x, port: http}}
                    resources: {requests: {cpu: 100m, memory: 64Mi}}
            """;

    @Test
    void aCorrectObjectPasses() {
        assertThatCode(() -> Strict.check(Rendering.read(DEPLOYMENT))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            livenessProbe:                    | livenesProbe:                         | livenesProbe
            path: /x                          | pfad: /x                              | pfad
            selector: {matchLabels: {a: b}}   | replicas: 1                           | selector
            value: "1"                        | value: 1                              | Integer value
            labels: {a: b}                    | labels: {a: true}                     | Boolean value
            - name: c                         | - tty: false                          | name
            memory: 64Mi                      | memory: 64Megs                        | parse suffix
            apps/v1                           | extensions/v1beta1                    | Nobody knows
            """)
    void aWrongOneIsNamed(String right, String wrong, String name) {
        assertThatThrownBy(() -> Strict.check(Rendering.read(DEPLOYMENT.replace(right, wrong))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @Test
    void aKeyThatIsThereTwiceIsNoYaml() {
        assertThatThrownBy(() -> Rendering.of(DEPLOYMENT.replace("image: i", "image: i\n        image: j")))
                .hasMessageContaining("Duplicate field 'image'");
    }
}
