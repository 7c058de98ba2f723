package io.lightline.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisProcessTest {

    @Test
    void startsOnAFreePortAndComesBackOnTheSameOne() {
        // given
        try (var redis = RedisProcess.start()) {
            long first = redis.pid();

            // when
            redis.kill();
            boolean free = FreePort.isFree(redis.port());
            redis.restart();

            // then
            assertThat(free).isTrue();
            assertThat(FreePort.isFree(redis.port())).isFalse();
            assertThat(redis.pid()).isNotEqualTo(first);
        }
    }

    @Test
    void leavesNothingBehind() {
        // given
        var redis = RedisProcess.start();

        // when
        redis.close();

        // then
        assertThat(redis.log().getParent()).doesNotExist();
        assertThat(FreePort.isFree(redis.port())).isTrue();
    }
}
