package io.lightline.relay.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.relay.protocol.Encoding;
import io.lightline.relay.protocol.ServerFrame;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenderingTest {

    private final List<Encoding> rendered = new ArrayList<>();
    private final Rendering rendering = new Rendering(false, encoding -> {
        rendered.add(encoding);
        return encoding.codec().ping();
    });

    @Test
    void everyEncodingIsRenderedWhenItIsFirstNeededAndThenShared() {
        // when
        ServerFrame first = rendering.in(Encoding.PROTOBUF);
        ServerFrame second = rendering.in(Encoding.PROTOBUF);

        // then
        assertThat(second).isSameAs(first);
        assertThat(rendered).containsExactly(Encoding.PROTOBUF);
        rendering.close();
    }

    @Test
    void itsFramesAreReleasedAtTheEnd() {
        // given
        ByteBuf held = rendering.in(Encoding.JSON).forOneSocket();
        ByteBuf alsoHeld = rendering.in(Encoding.PROTOBUF).forOneSocket();

        // when
        rendering.close();

        // then
        assertThat(List.of(held, alsoHeld)).allSatisfy(wire -> {
            ByteBuf shared = wire.unwrap();
            assertThat(shared.refCnt()).isEqualTo(1);
            wire.release();
            assertThat(shared.refCnt()).isZero();
        });
    }
}
