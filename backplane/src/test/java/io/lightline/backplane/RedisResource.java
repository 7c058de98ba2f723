package io.lightline.backplane;

import io.lightline.localstack.RedisProcess;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.lang.annotation.ElementType;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Redis of its own for a {@code @QuarkusTest}: {@code @WithTestResource(RedisResource.class)}. A test gets at the process,
 * to kill or pause it, through a field {@code @RedisResource.Injected RedisProcess redis}.
 */
public final class RedisResource implements QuarkusTestResourceLifecycleManager {

    /** Marks the field of a test that is to hold the {@link RedisProcess}. */
    @java.lang.annotation.Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface Injected {}

    private @Nullable RedisProcess redis;

    @Override
    public Map<String, String> start() {
        redis = RedisProcess.start();
        return Map.of("quarkus.redis.hosts", redis.uri().toString());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(redis, new TestInjector.AnnotatedAndMatchesType(Injected.class, RedisProcess.class));
    }

    @Override
    public void stop() {
        if (redis != null) {
            redis.close();
        }
    }
}
