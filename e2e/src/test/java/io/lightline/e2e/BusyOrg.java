package io.lightline.e2e;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An org in which something happens all the time: orders are published, an account is changed now and then. */
final class BusyOrg implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(8);
    private static final int ORDERS_A_CHANGE = 4;

    private final SalesforceOrg org;
    private final String account;
    private final AtomicInteger made = new AtomicInteger();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private final ScheduledFuture<?> making;

    private BusyOrg(SalesforceOrg org) {
        this.org = org;
        this.account = org.create("Account", Json.object().put("Name", "Acme"))
                .path("id")
                .asText();
        this.making = thread.scheduleWithFixedDelay(this::makeOne, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    static BusyOrg start(SalesforceOrg org) {
        return new BusyOrg(org);
    }

    /** Events that were published so far, of all topics. */
    int made() {
        if (making.state() == Future.State.FAILED) {
            throw new IllegalStateException("The org ended after " + made + " events", making.exceptionNow());
        }
        return made.get();
    }

    private void makeOne() {
        int number = made.incrementAndGet();
        if (number % (ORDERS_A_CHANGE + 1) == 0) {
            org.update("Account", account, Json.object().put("Phone", "" + number));
        } else {
            org.publishOrder(Json.object().put("OrderNumber__c", "" + number));
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
