package io.lightline.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApplicationMetricsTest {

    @Test
    void applicationWithoutMicrometerIsLeftAlone() throws Exception {
        // given
        URL connector =
                ApplicationMetrics.class.getProtectionDomain().getCodeSource().getLocation();
        try (var loader = new WithoutMicrometer(connector)) {
            var bind = loader.loadClass(ApplicationMetrics.class.getName())
                    .getDeclaredMethod("bind", String.class, List.class);
            bind.setAccessible(true);
            assertThatThrownBy(() -> loader.loadClass("io.micrometer.core.instrument.MeterRegistry"))
                    .isInstanceOf(ClassNotFoundException.class);

            // when
            Object nothing = bind.invoke(null, "acme", List.of());

            // then
            assertThat(nothing).isNull();
        }
    }

    /** Has the connector and its dependencies, but for Micrometer. */
    private static final class WithoutMicrometer extends URLClassLoader {

        WithoutMicrometer(URL connector) {
            super(new URL[] {connector}, ApplicationMetricsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.micrometer.")) {
                throw new ClassNotFoundException(name);
            }
            return name.startsWith(ApplicationMetrics.class.getName())
                    ? findClass(name)
                    : super.loadClass(name, resolve);
        }
    }
}
