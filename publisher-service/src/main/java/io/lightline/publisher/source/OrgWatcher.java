package io.lightline.publisher.source;

import io.lightline.salesforce.SalesforceOrg;

/** Hears which orgs this replica has open to read from. Called on the backplane's delivery thread; does not block. */
public interface OrgWatcher {

    /** An org has been opened; under a name that is open already when its settings have changed. */
    void opened(String name, SalesforceOrg org);

    /** It is about to be closed. */
    void closed(String name, SalesforceOrg org);
}
