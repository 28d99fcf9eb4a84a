<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AuditFilter</name>
    <message>
        <source>“%1” is no time: write 14:00, 15m (ago) or 2026-11-27</source>
        <translation>„%1“ ist keine Zeit: 14:00, 15m (vorher) oder 2026-11-27 schreiben</translation>
    </message>
    <message>
        <source>A result is ok or refused, not “%1”</source>
        <translation>Ein Ergebnis ist ok oder refused, nicht „%1“</translation>
    </message>
    <message>
        <source>“%1” is no number of an entry</source>
        <translation>„%1“ ist keine Nummer eines Eintrags</translation>
    </message>
    <message>
        <source>No condition is called “%1”. There are who, action, shard, profile, result, undo, job, after and before; quotes search for the text itself.</source>
        <translation>Keine Bedingung heißt „%1“. Es gibt who, action, shard, profile, result, undo, job, after und before; Anführungszeichen suchen den Text selbst.</translation>
    </message>
    <message>
        <source>A quote is not closed</source>
        <translation>Ein Anführungszeichen ist nicht geschlossen</translation>
    </message>
    <message>
        <source>“%1” needs a value</source>
        <translation>„%1“ braucht einen Wert</translation>
    </message>
</context>
<context>
    <name>ConnectSheet</name>
    <message>
        <source>Not readable yet: %1</source>
        <translation>Noch nicht lesbar: %1</translation>
    </message>
</context>
<context>
    <name>DeadLetters</name>
    <message>
        <source>Event ID</source>
        <translation>Ereignis-ID</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>Shard</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>HTTP</source>
        <translation>HTTP</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Sends</source>
        <comment>how often it was sent</comment>
        <translation>Mal</translation>
    </message>
    <message>
        <source>First seen</source>
        <translation>Zuerst gesehen</translation>
    </message>
    <message>
        <source>Last attempt</source>
        <translation>Letzter Versuch</translation>
    </message>
    <message>
        <source>Event time</source>
        <translation>Ereigniszeit</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>Verfällt</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>The platform names no age at which it refuses</source>
        <translation>Die Plattform nennt kein Alter, ab dem sie ablehnt</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 Bytes</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Throttled</source>
        <translation>Gedrosselt</translation>
    </message>
    <message>
        <source>Transient</source>
        <translation>Vorübergehend</translation>
    </message>
    <message>
        <source>Unknown</source>
        <comment>sent, but no answer came</comment>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>Invalid</source>
        <translation>Ungültig</translation>
    </message>
    <message>
        <source>Auth</source>
        <comment>credential refused</comment>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Config</source>
        <comment>id, permission or version refused</comment>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <source>Oversize</source>
        <translation>Zu groß</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Replaying</source>
        <translation>Wird wiederholt</translation>
    </message>
    <message>
        <source>Replayed</source>
        <translation>Wiederholt</translation>
    </message>
    <message>
        <source>Archived</source>
        <translation>Archiviert</translation>
    </message>
</context>
<context>
    <name>DlqFilter</name>
    <message>
        <source>The quote that opens here is not closed</source>
        <translation>Das hier öffnende Anführungszeichen wird nicht geschlossen</translation>
    </message>
    <message>
        <source>“%1” needs a value</source>
        <translation>„%1“ braucht einen Wert</translation>
    </message>
    <message>
        <source>“%1” compares: write %1&gt;09:00 or %1&lt;2026-11-27</source>
        <translation>„%1“ vergleicht: %1&gt;09:00 oder %1&lt;2026-11-27 schreiben</translation>
    </message>
    <message>
        <source>“%1” is given twice; nothing can match both</source>
        <translation>„%1“ steht zweimal da; beides zugleich kann nichts erfüllen</translation>
    </message>
    <message>
        <source>“%1” is no shard: write destination/account</source>
        <translation>„%1“ ist kein Shard: Ziel/Konto schreiben</translation>
    </message>
    <message>
        <source>“%1” is no error class. Known: %2</source>
        <translation>„%1“ ist keine Fehlerklasse. Bekannt: %2</translation>
    </message>
    <message>
        <source>“%1” is no state. Known: waiting replaying replayed archived</source>
        <translation>„%1“ ist kein Zustand. Bekannt: waiting replaying replayed archived</translation>
    </message>
    <message>
        <source>“%1” is no HTTP status: 100 to 599, or 0 for no answer</source>
        <translation>„%1“ ist kein HTTP-Status: 100 bis 599 oder 0 für keine Antwort</translation>
    </message>
    <message>
        <source>“%1” is no time: write 09:00, 15m (ago), 2026-11-27 or 2026-11-27T09:00:00Z</source>
        <translation>„%1“ ist keine Zeit: 09:00, 15m (vorher), 2026-11-27 oder 2026-11-27T09:00:00Z schreiben</translation>
    </message>
    <message>
        <source>Only one field of the payload can be searched at a time</source>
        <translation>Nur ein Feld der Nutzdaten lässt sich auf einmal durchsuchen</translation>
    </message>
    <message>
        <source>“%1” is no field: write $.user.email</source>
        <translation>„%1“ ist kein Feld: $.user.email schreiben</translation>
    </message>
    <message>
        <source>“%1” is no count of retries: write retries&gt;=3</source>
        <translation>„%1“ ist keine Zahl von Neuversuchen: retries&gt;=3 schreiben</translation>
    </message>
    <message>
        <source>“%1” is no size: write size&gt;100k or size&gt;2m</source>
        <translation>„%1“ ist keine Größe: size&gt;100k oder size&gt;2m schreiben</translation>
    </message>
    <message>
        <source>“%1” is no headroom: write expires&lt;24h</source>
        <translation>„%1“ ist keine Restzeit: expires&lt;24h schreiben</translation>
    </message>
    <message>
        <source>“%1” cannot be compared; first, last, event, expires, retries and size can</source>
        <translation>„%1“ lässt sich nicht vergleichen; first, last, event, expires, retries und size schon</translation>
    </message>
    <message>
        <source>“%1” is no filter. Known: dest shard type class http code fp id job state text first last event expires retries size $.field</source>
        <translation>„%1“ ist kein Filter. Bekannt: dest shard type class http code fp id job state text first last event expires retries size $.feld</translation>
    </message>
    <message>
        <source>“%1” is no replay: write job:R-17</source>
        <translation>„%1“ ist keine Wiederholung: schreiben Sie job:R-17</translation>
    </message>
</context>
<context>
    <name>Events</name>
    <message>
        <source>(replay)</source>
        <translation>(Wiederholung)</translation>
    </message>
    <message>
        <source>waits in lane %1</source>
        <comment>live, retry, replay…</comment>
        <translation>wartet in Spur %1</translation>
    </message>
    <message>
        <source>in flight</source>
        <translation>unterwegs</translation>
    </message>
    <message>
        <source>until %1: %2</source>
        <translation>bis %1: %2</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>In the DLQ</source>
        <translation>In der DLQ</translation>
    </message>
    <message>
        <source>Replaying</source>
        <translation>In Wiederholung</translation>
    </message>
    <message>
        <source>Archived</source>
        <translation>Archiviert</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>ingest</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source>accepted and on disk</source>
        <translation>angenommen und auf der Platte</translation>
    </message>
    <message>
        <source>no event time was given: the time of acceptance</source>
        <translation>keine Ereigniszeit angegeben: der Zeitpunkt der Annahme</translation>
    </message>
    <message>
        <source>event time %1</source>
        <translation>Ereigniszeit %1</translation>
    </message>
    <message>
        <source>%1 waits: %2</source>
        <translation>%1 wartet: %2</translation>
    </message>
    <message>
        <source>nothing is known to hold it</source>
        <translation>es ist nichts bekannt, das ihn aufhält</translation>
    </message>
    <message>
        <source>; and </source>
        <translation>; und </translation>
    </message>
    <message numerus="yes">
        <source>%n not routed</source>
        <translation>
            <numerusform>%n nicht weitergeleitet</numerusform>
            <numerusform>%n nicht weitergeleitet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n deliveries</source>
        <translation>
            <numerusform>%n Zustellung</numerusform>
            <numerusform>%n Zustellungen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · %2 · workspace %3</source>
        <translation>%1 · %2 · Arbeitsbereich %3</translation>
    </message>
    <message>
        <source>Outcome: %1</source>
        <translation>Ergebnis: %1</translation>
    </message>
    <message>
        <source>Attempt: given back, it spent none</source>
        <translation>Versuch: zurückgegeben, er zählt nicht</translation>
    </message>
    <message>
        <source>Attempt: %1</source>
        <translation>Versuch: %1</translation>
    </message>
    <message>
        <source>Lane: %1</source>
        <translation>Spur: %1</translation>
    </message>
    <message>
        <source>Request: %1, with %2 records</source>
        <translation>Anfrage: %1, mit %2 Datensätzen</translation>
    </message>
    <message>
        <source>Sent: %1</source>
        <translation>Gesendet: %1</translation>
    </message>
    <message>
        <source>Ended: %1, after %2</source>
        <translation>Beendet: %1, nach %2</translation>
    </message>
    <message>
        <source>HTTP: %1</source>
        <translation>HTTP: %1</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>Code: %1</source>
        <translation>Code: %1</translation>
    </message>
    <message>
        <source>Message: %1</source>
        <translation>Meldung: %1</translation>
    </message>
    <message>
        <source>not routed</source>
        <translation>nicht zugeordnet</translation>
    </message>
</context>
<context>
    <name>Forecast</name>
    <message>
        <source>The platform&apos;s window is what holds it</source>
        <translation>Das Fenster der Plattform hält ihn auf</translation>
    </message>
    <message>
        <source>The platform&apos;s quota is what holds it</source>
        <translation>Das Kontingent der Plattform hält ihn auf</translation>
    </message>
    <message>
        <source>The rate is what holds it</source>
        <translation>Die Rate hält ihn auf</translation>
    </message>
    <message>
        <source>The concurrency is what holds it</source>
        <translation>Die Gleichzeitigkeit hält ihn auf</translation>
    </message>
    <message>
        <source>The platform&apos;s request to slow down is what holds it</source>
        <translation>Die Bitte der Plattform um Zurückhaltung hält ihn auf</translation>
    </message>
    <message>
        <source>The circuit breaker is what holds it</source>
        <translation>Die Unterbrechung hält ihn auf</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <comment>a range</comment>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>%1, from %2 on.</source>
        <comment>a limit, a time</comment>
        <translation>%1, ab %2.</translation>
    </message>
    <message>
        <source>Out %1/s → %2/s.</source>
        <translation>Ausgang %1/s → %2/s.</translation>
    </message>
    <message>
        <source>Not draining, short by %1/s.</source>
        <translation>Läuft nicht ab, es fehlen %1/s.</translation>
    </message>
    <message>
        <source>Nothing waits, and it keeps up.</source>
        <translation>Nichts wartet, und er hält Schritt.</translation>
    </message>
    <message>
        <source>Drained in %1 at best; with slow requests it does not drain.</source>
        <translation>Bestenfalls in %1 abgebaut; mit langsamen Anfragen gar nicht.</translation>
    </message>
    <message>
        <source>Drained in %1.</source>
        <translation>Abgebaut in %1.</translation>
    </message>
    <message>
        <source>The oldest event is already older than the platform takes.</source>
        <translation>Das älteste Ereignis ist schon älter, als die Plattform annimmt.</translation>
    </message>
    <message>
        <source>First event too old for the platform in %1.</source>
        <translation>Erstes Ereignis zu alt für die Plattform in %1.</translation>
    </message>
    <message>
        <source>Assumes arrivals as in the last %1 (%2/s), requests of %3, no further errors.</source>
        <translation>Angenommen: Eingang wie in den letzten %1 (%2/s), Anfragen von %3, keine weiteren Fehler.</translation>
    </message>
    <message>
        <source>Another shard shares the limit; it is taken to be silent.</source>
        <translation>Ein anderer Shard teilt die Grenze; er gilt hier als still.</translation>
    </message>
    <message>
        <source>%1 other shards share the limit; they are taken to be silent.</source>
        <translation>%1 andere Shards teilen die Grenze; sie gelten hier als still.</translation>
    </message>
    <message>
        <source>After it the queue does not drain: short by %1/s.</source>
        <translation>Danach leert sich die Schlange nicht: Es fehlen %1/s.</translation>
    </message>
    <message>
        <source>Then about %1 wait; with the ramp of 60 s they are gone %2 later.</source>
        <translation>Dann warten etwa %1; mit dem Anlauf von 60 s sind sie %2 später fort.</translation>
    </message>
    <message>
        <source>Effect on throttling unknown: the platform&apos;s ceiling is not known.</source>
        <translation>Wirkung auf die Drosselung unbekannt: Die Obergrenze der Plattform ist nicht bekannt.</translation>
    </message>
</context>
<context>
    <name>GuardRules</name>
    <message>
        <source>This profile allows nothing above a ceiling or against a throttle: [profile] above_ceiling in the configuration</source>
        <translation>Dieses Profil erlaubt nichts über einer Obergrenze oder gegen eine Drosselung: [profile] above_ceiling in der Konfiguration</translation>
    </message>
    <message>
        <source>Observe mode · Settings → Profile</source>
        <translation>Nur beobachten · Einstellungen → Profil</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>Start here</source>
        <translation>Hier beginnen</translation>
    </message>
    <message>
        <source>The five signals</source>
        <translation>Die fünf Signale</translation>
    </message>
    <message>
        <source>States and what to do</source>
        <translation>Zustände und was zu tun ist</translation>
    </message>
    <message>
        <source>Pausing and tuning</source>
        <translation>Anhalten und einstellen</translation>
    </message>
    <message>
        <source>Dead letters and replay</source>
        <translation>Unzustellbares und Wiederholung</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>Befehlszeile</translation>
    </message>
    <message>
        <source>Pinterest</source>
        <translation>Pinterest</translation>
    </message>
    <message>
        <source>Reddit</source>
        <translation>Reddit</translation>
    </message>
    <message>
        <source>Snapchat</source>
        <translation>Snapchat</translation>
    </message>
    <message>
        <source>Platforms</source>
        <translation>Plattformen</translation>
    </message>
    <message>
        <source>Customer.io Track</source>
        <translation>Customer.io Track</translation>
    </message>
    <message>
        <source>LinkedIn</source>
        <translation>LinkedIn</translation>
    </message>
    <message>
        <source>Meta</source>
        <translation>Meta</translation>
    </message>
    <message>
        <source>TikTok</source>
        <translation>TikTok</translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation>Webhook</translation>
    </message>
    <message>
        <source>X</source>
        <translation>X</translation>
    </message>
    <message>
        <source>Criteo</source>
        <translation>Criteo</translation>
    </message>
    <message>
        <source>Customer.io App</source>
        <translation>Customer.io App</translation>
    </message>
    <message>
        <source>Google Ads</source>
        <translation>Google Ads</translation>
    </message>
    <message>
        <source>Microsoft Advertising</source>
        <translation>Microsoft Advertising</translation>
    </message>
    <message>
        <source>Outbrain</source>
        <translation>Outbrain</translation>
    </message>
    <message>
        <source>Taboola</source>
        <translation>Taboola</translation>
    </message>
    <message>
        <source>1 Connect a platform</source>
        <translation>1 Plattform verbinden</translation>
    </message>
    <message>
        <source>2 Tune it</source>
        <translation>2 Einstellen</translation>
    </message>
    <message>
        <source>3 Repair what failed</source>
        <translation>3 Gescheitertes reparieren</translation>
    </message>
    <message>
        <source>Playbook for incidents</source>
        <translation>Leitfaden für Störungen</translation>
    </message>
    <message>
        <source>Safety, audit, settings</source>
        <translation>Sicherheit, Protokoll</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Tastatur</translation>
    </message>
    <message>
        <source>Overview and charts</source>
        <translation>Übersicht und Diagramme</translation>
    </message>
</context>
<context>
    <name>JsonOutline</name>
    <message>
        <source>… (%1 characters)</source>
        <translation>… (%1 Zeichen)</translation>
    </message>
</context>
<context>
    <name>PayloadDiff</name>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>other type</source>
        <translation>anderer Typ</translation>
    </message>
    <message>
        <source>new</source>
        <translation>neu</translation>
    </message>
    <message>
        <source>other value</source>
        <translation>anderer Wert</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>number</source>
        <translation>Zahl</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>wahr oder falsch</translation>
    </message>
    <message>
        <source>object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>list</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>null</source>
        <translation>null</translation>
    </message>
    <message>
        <source>%1: %2 → %3</source>
        <comment>other type: number → text</comment>
        <translation>%1: %2 → %3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>missing: number</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>Look up the copied event id</source>
        <translation>Die kopierte Ereignis-ID nachschlagen</translation>
    </message>
</context>
<context>
    <name>Replay</name>
    <message>
        <source>%1 shards of %2</source>
        <translation>%1 Shards von %2</translation>
    </message>
    <message>
        <source>%1 shards of %2 destinations</source>
        <translation>%1 Shards von %2 Zielen</translation>
    </message>
    <message>
        <source>%1 will be sent</source>
        <translation>%1 werden gesendet</translation>
    </message>
    <message>
        <source>%1 already accepted</source>
        <translation>%1 schon angenommen</translation>
    </message>
    <message>
        <source>%1 superseded</source>
        <translation>%1 überholt</translation>
    </message>
    <message>
        <source>%1 payload gone</source>
        <translation>%1 ohne Nutzdaten</translation>
    </message>
    <message>
        <source>%1 too old</source>
        <translation>%1 zu alt</translation>
    </message>
    <message>
        <source>%1 same error</source>
        <translation>%1 gleicher Fehler</translation>
    </message>
    <message>
        <source>%1 outcome unknown</source>
        <translation>%1 Ausgang unbekannt</translation>
    </message>
    <message>
        <source>Matched %1 = %2</source>
        <translation>Treffer %1 = %2</translation>
    </message>
    <message>
        <source>at %1 records/s at most</source>
        <translation>mit höchstens %1 Datensätzen/s</translation>
    </message>
    <message>
        <source>at %1 % of what live traffic leaves</source>
        <translation>mit %1 % dessen, was der laufende Verkehr übrig lässt</translation>
    </message>
    <message>
        <source>, starting with 1, 10, then 100</source>
        <translation>, beginnend mit 1, 10, dann 100</translation>
    </message>
    <message>
        <source>%1 events go to %2 again, oldest first, %3. Live traffic goes first. event_id and event_time stay as they were.</source>
        <translation>%1 Ereignisse gehen noch einmal an %2, die ältesten zuerst, %3. Laufender Verkehr hat Vorrang. event_id und event_time bleiben, wie sie waren.</translation>
    </message>
    <message>
        <source>%1 of the %2 matched are left out and stay where they are.</source>
        <translation>%1 von %2 Treffern bleiben ausgelassen, wo sie sind.</translation>
    </message>
    <message>
        <source>%1 of them may have been received already: where the platform does not know duplicates, they count twice.</source>
        <translation>%1 davon können schon angekommen sein: Wo die Plattform Doppelte nicht erkennt, zählen sie zweimal.</translation>
    </message>
    <message>
        <source>%1 in the job = %2 accepted + %3 failed + %4 skipped + %5 cancelled</source>
        <translation>%1 im Auftrag = %2 angenommen + %3 gescheitert + %4 ausgelassen + %5 abgebrochen</translation>
    </message>
    <message>
        <source>These numbers do not add up: %1 entries are unaccounted for. Do not rely on this report; look the events up.</source>
        <translation>Diese Zahlen gehen nicht auf: %1 Einträge fehlen. Diesem Bericht ist nicht zu trauen; bitte die Ereignisse nachschlagen.</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Holding</source>
        <translation>Wartet ab</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Gestoppt</translation>
    </message>
    <message>
        <source>stops at %1 errors · holds at %2 throttled or %3 of live lag</source>
        <translation>stoppt bei %1 Fehlern · hält an bei %2 Drosselung oder %3 Live-Verzug</translation>
    </message>
    <message>
        <source>It %1.</source>
        <comment>it stops at …</comment>
        <translation>Sie %1.</translation>
    </message>
</context>
<context>
    <name>ReplayReport</name>
    <message>
        <source>What came of it</source>
        <translation>Was daraus wurde</translation>
    </message>
    <message>
        <source>%1 failed with the error that they had before.</source>
        <translation>%1 scheiterten mit demselben Fehler wie zuvor.</translation>
    </message>
    <message>
        <source>%1 new failures since the cutoff were not in this replay.</source>
        <translation>%1 neue Fehlschläge seit dem Schnitt gehörten nicht zu dieser Wiederholung.</translation>
    </message>
    <message>
        <source>What was chosen</source>
        <translation>Was gewählt war</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>Shard</translation>
    </message>
    <message>
        <source>Matched</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Will send</source>
        <translation>Wird gesendet</translation>
    </message>
    <message>
        <source>Samples of what failed again</source>
        <translation>Beispiele dessen, was wieder scheiterte</translation>
    </message>
    <message>
        <source>Event ID</source>
        <translation>Ereignis-ID</translation>
    </message>
    <message>
        <source>HTTP</source>
        <translation>HTTP</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Scope</source>
        <translation>Umfang</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Started by</source>
        <translation>Gestartet von</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Gestartet</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Guards</source>
        <translation>Wächter</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>Geschrieben</translation>
    </message>
    <message>
        <source>What it went through</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Handlung</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Report of replay %1</source>
        <translation>Bericht zur Wiederholung %1</translation>
    </message>
</context>
<context>
    <name>ShardText</name>
    <message>
        <source>Paused by the engine</source>
        <translation>Von der Maschine angehalten</translation>
    </message>
    <message>
        <source>Paused by an operator</source>
        <translation>Von einer Person angehalten</translation>
    </message>
    <message>
        <source>The platform refuses the credential; nothing is lost, nothing is retried in vain</source>
        <translation>Die Plattform lehnt die Zugangsdaten ab; nichts geht verloren, nichts wird vergeblich versucht</translation>
    </message>
    <message>
        <source>The platform refuses the id, permission or version that it was given</source>
        <translation>Die Plattform lehnt Kennung, Berechtigung oder Version ab</translation>
    </message>
    <message>
        <source>The platform has not answered for a while; one probe at a time asks whether it is back</source>
        <translation>Die Plattform antwortet seit einer Weile nicht; je eine Probe fragt, ob sie wieder da ist</translation>
    </message>
    <message>
        <source>The platform asked to slow down; the wait spends no attempt</source>
        <translation>Die Plattform bittet um Zurückhaltung; das Warten kostet keinen Versuch</translation>
    </message>
    <message>
        <source>The rolling window of the contract is used up</source>
        <translation>Das gleitende Fenster des Vertrags ist ausgeschöpft</translation>
    </message>
    <message>
        <source>The quota of the platform is used up</source>
        <translation>Das Kontingent der Plattform ist ausgeschöpft</translation>
    </message>
    <message>
        <source>Our own rate cap spaces the requests</source>
        <translation>Die eigene Ratenbegrenzung streckt die Anfragen</translation>
    </message>
    <message>
        <source>All %1 request slots are in use</source>
        <translation>Alle %1 Plätze für Anfragen sind belegt</translation>
    </message>
    <message>
        <source>Deliveries that failed wait for their next try</source>
        <translation>Gescheiterte Zustellungen warten auf ihren nächsten Versuch</translation>
    </message>
    <message>
        <source>The destination is not in the configuration any more</source>
        <translation>Das Ziel steht nicht mehr in der Konfiguration</translation>
    </message>
    <message>
        <source>The store cannot commit just now, so nothing new is sent</source>
        <translation>Der Speicher kann gerade nicht schreiben, deshalb wird nichts Neues gesendet</translation>
    </message>
    <message>
        <source>: %1 left</source>
        <comment>time until a hold ends</comment>
        <translation>: noch %1</translation>
    </message>
    <message>
        <source>The platform asked to wait: %1 left.</source>
        <translation>Die Plattform bat zu warten: noch %1.</translation>
    </message>
    <message>
        <source>Retries are paused; first attempts go out.</source>
        <translation>Neuversuche sind angehalten; erste Versuche gehen hinaus.</translation>
    </message>
    <message>
        <source>Nothing waits.</source>
        <translation>Nichts wartet.</translation>
    </message>
    <message>
        <source>Nothing holds it: deliveries go out as fast as the platform answers.</source>
        <translation>Nichts hält ihn auf: Zustellungen gehen so schnell hinaus, wie die Plattform antwortet.</translation>
    </message>
    <message>
        <source>First event refused in %1</source>
        <translation>Erstes Ereignis abgelehnt in %1</translation>
    </message>
    <message>
        <source>Events are older than the platform takes</source>
        <translation>Ereignisse sind älter, als die Plattform annimmt</translation>
    </message>
    <message>
        <source>Tuned</source>
        <comment>values differ from the configuration</comment>
        <translation>Eingestellt</translation>
    </message>
    <message>
        <source>Not in the configuration</source>
        <translation>Nicht in der Konfiguration</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Wiederholung</translation>
    </message>
    <message>
        <source>Retries, replays and imports wait; first attempts still go out. %1 deliveries wait for a retry now.</source>
        <translation>Neuversuche, Wiederholungen und Importe warten; erste Versuche gehen weiter hinaus. %1 Zustellungen warten jetzt auf einen Neuversuch.</translation>
    </message>
    <message>
        <source>In %1/s: about +%2 events wait in the queue by then.</source>
        <translation>Eingang %1/s: bis dahin warten etwa +%2 Ereignisse in der Schlange.</translation>
    </message>
    <message>
        <source>In %1/s: about +%2 events per 15 min wait in the queue.</source>
        <translation>Eingang %1/s: je 15 min warten etwa +%2 Ereignisse in der Schlange.</translation>
    </message>
    <message>
        <source>No age limit of the platform is known.</source>
        <translation>Eine Altersgrenze der Plattform ist nicht bekannt.</translation>
    </message>
    <message>
        <source>The oldest event is already older than the platform takes.</source>
        <translation>Das älteste Ereignis ist schon älter, als die Plattform annimmt.</translation>
    </message>
    <message>
        <source>First event refused in %1.</source>
        <translation>Erstes Ereignis abgelehnt in %1.</translation>
    </message>
    <message>
        <source>That is before this pause ends: events would be lost to the platform.</source>
        <translation>Das ist vor dem Ende dieser Pause: Ereignisse gingen der Plattform verloren.</translation>
    </message>
    <message>
        <source>Nothing is in flight.</source>
        <translation>Nichts ist unterwegs.</translation>
    </message>
    <message>
        <source>%1 deliveries wait. They go out with a ramp of 60 s up to %2/s.</source>
        <translation>%1 Zustellungen warten. Sie gehen mit einem Anlauf von 60 s bis %2/s hinaus.</translation>
    </message>
    <message>
        <source>%1 deliveries wait. They go out with a ramp of 60 s; how fast is up to the platform.</source>
        <translation>%1 Zustellungen warten. Sie gehen mit einem Anlauf von 60 s hinaus; wie schnell, bestimmt die Plattform.</translation>
    </message>
    <message>
        <source>%1 shards of %2</source>
        <translation>%1 Shards von %2</translation>
    </message>
    <message>
        <source>%1 shards</source>
        <translation>%1 Shards</translation>
    </message>
    <message>
        <source>Trial %1</source>
        <comment>a time left, 8:12</comment>
        <translation>Probe %1</translation>
    </message>
    <message>
        <source>%1 destinations</source>
        <translation>%1 Ziele</translation>
    </message>
    <message>
        <source>In flight: %1, which will finish in about %2.</source>
        <translation>Unterwegs: %1, fertig in etwa %2.</translation>
    </message>
    <message>
        <source>In flight: %1, which will finish.</source>
        <translation>Unterwegs: %1, die noch fertig werden.</translation>
    </message>
</context>
<context>
    <name>TableExport</name>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>JSON Lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) exported to %1</source>
        <translation>
            <numerusform>%n Zeile nach %1 exportiert</numerusform>
            <numerusform>%n Zeilen nach %1 exportiert</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>%1 konnte nicht geschrieben werden: %2</translation>
    </message>
</context>
<context>
    <name>TrialBar</name>
    <message>
        <source>%1 %2</source>
        <comment>concurrency 8</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1 as configured</source>
        <translation>%1 wie konfiguriert</translation>
    </message>
    <message>
        <source>On trial: %1 of %2 shards; the first ends in %3.</source>
        <translation>Auf Probe: %1 von %2 Shards; die erste endet in %3.</translation>
    </message>
    <message>
        <source>Trial: %1 left.</source>
        <translation>Probe: noch %1.</translation>
    </message>
    <message>
        <source>Trial: %1 left, then %2.</source>
        <translation>Probe: noch %1, dann %2.</translation>
    </message>
</context>
<context>
    <name>Tuning</name>
    <message>
        <source>Throttled now: more workers make more refusals, not more deliveries.</source>
        <translation>Jetzt gedrosselt: Mehr gleichzeitige Anfragen bringen mehr Ablehnungen, nicht mehr Zustellungen.</translation>
    </message>
    <message>
        <source>%1 %2 lies above the ceiling of %3 (%4).</source>
        <translation>%1 %2 liegt über der Obergrenze von %3 (%4).</translation>
    </message>
    <message>
        <source>Concurrency</source>
        <translation>Gleichzeitigkeit</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>Stapelgröße</translation>
    </message>
    <message>
        <source>documented by the platform</source>
        <translation>von der Plattform dokumentiert</translation>
    </message>
    <message>
        <source>configured</source>
        <translation>konfiguriert</translation>
    </message>
    <message>
        <source>learned from throttling</source>
        <translation>aus Drosselungen gelernt</translation>
    </message>
    <message>
        <source>from the platform&apos;s quota headers</source>
        <translation>aus den Kontingent-Kopfzeilen der Plattform</translation>
    </message>
    <message>
        <source>source unknown</source>
        <translation>Herkunft unbekannt</translation>
    </message>
    <message>
        <source>documented</source>
        <translation>dokumentiert</translation>
    </message>
    <message>
        <source>learned</source>
        <translation>gelernt</translation>
    </message>
    <message>
        <source>from headers</source>
        <translation>aus Kopfzeilen</translation>
    </message>
    <message>
        <source>no cap</source>
        <translation>ohne Begrenzung</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>seen in public integrations</source>
        <translation>in öffentlichen Anbindungen gesehen</translation>
    </message>
    <message>
        <source>the operations view, not a promise of the platform</source>
        <translation>Sicht des Betriebs, keine Zusage der Plattform</translation>
    </message>
    <message>
        <source>our advice: the platform publishes no number</source>
        <translation>unser Rat: die Plattform nennt keine Zahl</translation>
    </message>
    <message>
        <source>unverified: try it on a live account</source>
        <translation>ungeprüft: an einem echten Konto probieren</translation>
    </message>
    <message>
        <source>seen in use</source>
        <translation>im Einsatz gesehen</translation>
    </message>
    <message>
        <source>operations view</source>
        <translation>Sicht des Betriebs</translation>
    </message>
    <message>
        <source>advice</source>
        <translation>Rat</translation>
    </message>
    <message>
        <source>unverified</source>
        <translation>ungeprüft</translation>
    </message>
</context>
<context>
    <name>ui</name>
    <message>
        <source>s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>/min</source>
        <translation>/min</translation>
    </message>
    <message>
        <source>events/s</source>
        <translation>Ereignisse/s</translation>
    </message>
    <message>
        <source>events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>Durchsatz</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1/min</source>
        <translation>%1/min</translation>
    </message>
    <message>
        <source>%1m %2s</source>
        <translation>%1m %2s</translation>
    </message>
    <message>
        <source>%1h %2m</source>
        <translation>%1h %2m</translation>
    </message>
    <message>
        <source>%1d %2h</source>
        <translation>%1T %2h</translation>
    </message>
    <message>
        <source>%1 B</source>
        <translation>%1 B</translation>
    </message>
    <message>
        <source>No data</source>
        <translation>Keine Daten</translation>
    </message>
    <message>
        <source>Auth failed</source>
        <translation>Auth-Fehler</translation>
    </message>
    <message>
        <source>Draining</source>
        <translation>Läuft aus</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Circuit open</source>
        <translation>Unterbrochen</translation>
    </message>
    <message>
        <source>Failing</source>
        <translation>Scheitert</translation>
    </message>
    <message>
        <source>Throttled</source>
        <translation>Gedrosselt</translation>
    </message>
    <message>
        <source>Degraded</source>
        <translation>Beeinträchtigt</translation>
    </message>
    <message>
        <source>Recovering</source>
        <translation>Erholt sich</translation>
    </message>
    <message>
        <source>Backlogged</source>
        <translation>Rückstau</translation>
    </message>
    <message>
        <source>Retries paused</source>
        <translation>Nur 1. Versuch</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>Ruhend</translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>Gesund</translation>
    </message>
    <message>
        <source>Config refused</source>
        <translation>Angaben abgelehnt</translation>
    </message>
    <message>
        <source>Probing</source>
        <translation>Wird erprobt</translation>
    </message>
    <message>
        <source>Paused until %1</source>
        <translation>Angehalten bis %1</translation>
    </message>
    <message>
        <source>Paused by engine</source>
        <translation>Von der Maschine angehalten</translation>
    </message>
    <message>
        <source>Paused by schedule</source>
        <translation>Nach Plan angehalten</translation>
    </message>
    <message>
        <source>Queue depth</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Consumer lag</source>
        <translation>Rückstand</translation>
    </message>
    <message>
        <source>Platform p95</source>
        <translation>Plattform p95</translation>
    </message>
    <message>
        <source>Error rate</source>
        <translation>Fehlerquote</translation>
    </message>
    <message>
        <source>DLQ growth</source>
        <translation>DLQ-Zuwachs</translation>
    </message>
    <message>
        <source>In</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Throttle</source>
        <translation>Drosselung</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>Batch fill</source>
        <translation>Stapelfüllung</translation>
    </message>
    <message>
        <source>configured %1</source>
        <translation>konfiguriert %1</translation>
    </message>
    <message>
        <source>set by an operator to %1</source>
        <translation>von einer Person auf %1 gestellt</translation>
    </message>
    <message>
        <source>ceiling %1, %2</source>
        <translation>Obergrenze %1, %2</translation>
    </message>
    <message>
        <source>no ceiling known</source>
        <translation>keine Obergrenze bekannt</translation>
    </message>
    <message>
        <source>no cap</source>
        <translation>ohne Begrenzung</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Handlung</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Tuning</source>
        <translation>Einstellung</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Wiederholung</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Concurrency</source>
        <translation>Gleichzeitigkeit</translation>
    </message>
    <message>
        <source>Rate (requests/s)</source>
        <translation>Rate (Anfragen/s)</translation>
    </message>
    <message>
        <source>Batch (records)</source>
        <translation>Stapel (Datensätze)</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Aufgehalten</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>bis %1</translation>
    </message>
    <message>
        <source>open end</source>
        <translation>ohne Ende</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>Plattform</translation>
    </message>
    <message>
        <source>no longer in the configuration</source>
        <translation>nicht mehr in der Konfiguration</translation>
    </message>
    <message>
        <source>Accepts events up to</source>
        <translation>Nimmt Ereignisse bis</translation>
    </message>
    <message>
        <source>%1 old</source>
        <translation>%1 alt</translation>
    </message>
    <message>
        <source>any age</source>
        <translation>jedes Alter</translation>
    </message>
    <message>
        <source>advice, not enforced</source>
        <translation>Empfehlung, nicht erzwungen</translation>
    </message>
    <message>
        <source>Oldest waiting event</source>
        <translation>Ältestes wartendes Ereignis</translation>
    </message>
    <message>
        <source>refused in %1</source>
        <translation>abgelehnt in %1</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>live %1, retry %2</source>
        <translation>laufend %1, Neuversuch %2</translation>
    </message>
    <message>
        <source>Dead letters</source>
        <translation>Unzustellbare</translation>
    </message>
    <message>
        <source>%1 of them: %2</source>
        <translation>%1 davon: %2</translation>
    </message>
    <message>
        <source>Partial failures</source>
        <translation>Teilfehler</translation>
    </message>
    <message>
        <source>of accepted batches, last 5 min</source>
        <translation>der angenommenen Stapel, letzte 5 min</translation>
    </message>
    <message>
        <source>Last success</source>
        <translation>Letzter Erfolg</translation>
    </message>
    <message>
        <source>Nothing happened to this shard in this range.</source>
        <translation>In diesem Bereich ist mit diesem Shard nichts geschehen.</translation>
    </message>
    <message>
        <source>Refused later</source>
        <translation>Später abgelehnt</translation>
    </message>
    <message>
        <source>requests still asked after: %1, never answered: %2</source>
        <translation>Anfragen, nach denen noch gefragt wird: %1, nie beantwortet: %2</translation>
    </message>
</context>
<context>
    <name>ui::AppearancePage</name>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farbschema</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Schreibtisch</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>&amp;Rows of tables</source>
        <translation>&amp;Tabellenzeilen</translation>
    </message>
    <message>
        <source>Compact, 22 px</source>
        <translation>Dicht, 22 px</translation>
    </message>
    <message>
        <source>Normal, 24 px</source>
        <translation>Normal, 24 px</translation>
    </message>
    <message>
        <source>Comfortable, 30 px</source>
        <translation>Großzügig, 30 px</translation>
    </message>
    <message>
        <source>&amp;Motion</source>
        <translation>&amp;Bewegung</translation>
    </message>
    <message>
        <source>As usual</source>
        <translation>Wie üblich</translation>
    </message>
    <message>
        <source>Reduced: menus and panels appear at once</source>
        <translation>Verringert: Menüs und Flächen erscheinen sofort</translation>
    </message>
</context>
<context>
    <name>ui::AuditActions</name>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Pause retries</source>
        <translation>Neuversuche anhalten</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Tune</source>
        <translation>Einstellen</translation>
    </message>
    <message>
        <source>Revert tuning</source>
        <translation>Einstellung zurück</translation>
    </message>
    <message>
        <source>Keep trial</source>
        <translation>Probe behalten</translation>
    </message>
    <message>
        <source>End trial</source>
        <translation>Probe beenden</translation>
    </message>
    <message>
        <source>Probe</source>
        <translation>Erproben</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archivieren</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Purge</source>
        <translation>Endgültig entfernen</translation>
    </message>
    <message>
        <source>Group status</source>
        <translation>Stand der Gruppe</translation>
    </message>
    <message>
        <source>Move to the DLQ</source>
        <translation>In die DLQ verschieben</translation>
    </message>
    <message>
        <source>Start replay</source>
        <translation>Wiederholung starten</translation>
    </message>
    <message>
        <source>Pause replay</source>
        <translation>Wiederholung anhalten</translation>
    </message>
    <message>
        <source>Resume replay</source>
        <translation>Wiederholung fortsetzen</translation>
    </message>
    <message>
        <source>Cancel replay</source>
        <translation>Wiederholung abbrechen</translation>
    </message>
    <message>
        <source>Replay pace</source>
        <translation>Tempo der Wiederholung</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>Schwellen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Unmask</source>
        <translation>Aufdecken</translation>
    </message>
    <message>
        <source>Mask again</source>
        <translation>Wieder verdecken</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Merge groups</source>
        <translation>Gruppen vereinen</translation>
    </message>
    <message>
        <source>Take out of a group</source>
        <translation>Aus einer Gruppe nehmen</translation>
    </message>
    <message>
        <source>Split by account</source>
        <translation>Nach Konten teilen</translation>
    </message>
    <message>
        <source>Join accounts</source>
        <translation>Konten vereinen</translation>
    </message>
    <message>
        <source>Sale mode</source>
        <translation>Sale-Modus</translation>
    </message>
</context>
<context>
    <name>ui::AuditExport</name>
    <message>
        <source>Not exported: %1</source>
        <translation>Nicht exportiert: %1</translation>
    </message>
    <message>
        <source>The newest %1 actions written to %2; there are more</source>
        <translation>Die neuesten %1 Handlungen nach %2 geschrieben; es gibt mehr</translation>
    </message>
    <message>
        <source>%1 actions written to %2</source>
        <translation>%1 Handlungen nach %2 geschrieben</translation>
    </message>
</context>
<context>
    <name>ui::AuditModel</name>
    <message>
        <source>%1 → %2</source>
        <comment>before and after</comment>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Handlung</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>Before → after</source>
        <translation>Vorher → nachher</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>ok</translation>
    </message>
    <message>
        <source>Entry %1 · %2</source>
        <translation>Eintrag %1 · %2</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Undo of</source>
        <translation>Nimmt zurück</translation>
    </message>
    <message>
        <source>Belongs to</source>
        <translation>Gehört zu</translation>
    </message>
</context>
<context>
    <name>ui::AuditPage</name>
    <message>
        <source>Operator actions</source>
        <translation>Handlungen</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Filter operator actions</source>
        <translation>Handlungen filtern</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <source>Read more</source>
        <translation>Mehr lesen</translation>
    </message>
    <message>
        <source>Read older actions</source>
        <translation>Ältere Handlungen lesen</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>Reload the list</source>
        <translation>Liste neu laden</translation>
    </message>
    <message>
        <source>%1 actions</source>
        <translation>%1 Handlungen</translation>
    </message>
    <message>
        <source>newest %1 read</source>
        <translation>die neuesten %1 gelesen</translation>
    </message>
    <message>
        <source>The audit could not be read: %1</source>
        <translation>Das Protokoll war nicht lesbar: %1</translation>
    </message>
    <message>
        <source>Reading operator actions…</source>
        <translation>Handlungen werden gelesen…</translation>
    </message>
    <message>
        <source>No operator actions yet.</source>
        <translation>Noch keine Handlungen.</translation>
    </message>
    <message>
        <source>Filter  Ctrl+F   who:kc action:tune after:14:00 meta</source>
        <translation>Filter  Strg+F   who:kc action:tune after:14:00 meta</translation>
    </message>
    <message>
        <source>Export JSONL…</source>
        <translation>JSONL exportieren…</translation>
    </message>
    <message>
        <source>Export the actions shown as JSON Lines</source>
        <translation>Die gezeigten Handlungen als JSON Lines exportieren</translation>
    </message>
    <message>
        <source>Revert</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Take the selected action back</source>
        <translation>Die gewählte Handlung zurücknehmen</translation>
    </message>
    <message>
        <source>No action matches this filter.</source>
        <translation>Keine Handlung passt zu diesem Filter.</translation>
    </message>
    <message>
        <source>Select an action</source>
        <translation>Eine Handlung wählen</translation>
    </message>
    <message>
        <source>Sent, waiting for the engine…</source>
        <translation>Gesendet, wartet auf die Maschine…</translation>
    </message>
    <message>
        <source>Not taken back: %1</source>
        <translation>Nicht zurückgenommen: %1</translation>
    </message>
    <message>
        <source>Export the audit</source>
        <translation>Das Protokoll exportieren</translation>
    </message>
    <message>
        <source>JSON Lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Wird exportiert…</translation>
    </message>
    <message>
        <source>Show what it undid</source>
        <translation>Zeigen, was es zurücknahm</translation>
    </message>
    <message>
        <source>Show the entry that the selected one took back</source>
        <translation>Den Eintrag zeigen, den der gewählte zurücknahm</translation>
    </message>
    <message>
        <source>Show on charts</source>
        <translation>In Diagrammen zeigen</translation>
    </message>
    <message>
        <source>Show the charts around the selected action</source>
        <translation>Die Diagramme um die gewählte Handlung zeigen</translation>
    </message>
    <message>
        <source>Reverting brings back: %1</source>
        <translation>Zurücknehmen bringt wieder: %1</translation>
    </message>
    <message>
        <source>No way back: %1</source>
        <translation>Kein Weg zurück: %1</translation>
    </message>
    <message>
        <source>Entry %1 was taken back.</source>
        <translation>Eintrag %1 ist zurückgenommen.</translation>
    </message>
    <message>
        <source>Entry %1 is further back: Read more, or another filter.</source>
        <translation>Eintrag %1 liegt weiter zurück: mehr lesen oder anders filtern.</translation>
    </message>
</context>
<context>
    <name>ui::ChartDeck</name>
    <message>
        <source>warn %1</source>
        <translation>Warnung %1</translation>
    </message>
    <message>
        <source>concurrency %1</source>
        <translation>Gleichzeitigkeit %1</translation>
    </message>
    <message>
        <source>Range %1 to %2</source>
        <translation>Bereich %1 bis %2</translation>
    </message>
    <message>
        <source>&amp;Zoom here</source>
        <translation>Hierher &amp;zoomen</translation>
    </message>
    <message>
        <source>&amp;DLQ of this window</source>
        <translation>&amp;DLQ dieses Zeitraums</translation>
    </message>
    <message>
        <source>&amp;Replay this window…</source>
        <translation>Diesen Zeitraum &amp;wiederholen…</translation>
    </message>
    <message>
        <source>&amp;Mark…</source>
        <translation>&amp;Markieren…</translation>
    </message>
    <message>
        <source>&amp;Copy values</source>
        <translation>Werte &amp;kopieren</translation>
    </message>
    <message>
        <source>Remove mark “%1”</source>
        <translation>Markierung „%1“ entfernen</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) of %1 copied</source>
        <translation>
            <numerusform>%n Zeile von %1 kopiert</numerusform>
            <numerusform>%n Zeilen von %1 kopiert</numerusform>
        </translation>
    </message>
    <message>
        <source>Mark %1</source>
        <translation>%1 markieren</translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>Markierung</translation>
    </message>
    <message>
        <source>failing %1/min</source>
        <translation>scheitert ab %1/min</translation>
    </message>
    <message>
        <source>&amp;Export values…</source>
        <translation>Werte &amp;exportieren…</translation>
    </message>
    <message>
        <source>Export the samples of %1, %2 to %3</source>
        <translation>Messwerte von %1 exportieren, %2 bis %3</translation>
    </message>
    <message>
        <source>Note, shown at this time on all charts:</source>
        <translation>Notiz, zu dieser Zeit auf allen Diagrammen gezeigt:</translation>
    </message>
    <message>
        <source>The history before could not be read: %1. New samples are drawn.</source>
        <translation>Die Werte davor waren nicht zu lesen: %1. Neue Werte werden gezeichnet.</translation>
    </message>
    <message>
        <source>warn %1 of work</source>
        <comment>as much as is delivered in that time</comment>
        <translation>Warnung bei %1 Arbeit</translation>
    </message>
</context>
<context>
    <name>ui::ChartStrip</name>
    <message>
        <source>Freeze</source>
        <translation>Einfrieren</translation>
    </message>
    <message>
        <source>Stop table and charts; data stays live (Space)</source>
        <translation>Tabelle und Diagramme halten; die Daten laufen weiter (Leertaste)</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Draw the pinned shards only, each in its own colour</source>
        <translation>Nur die angehefteten Shards zeichnen, jeden in eigener Farbe</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Leave the zoomed range (Backspace)</source>
        <translation>Den gezoomten Bereich verlassen (Rücktaste)</translation>
    </message>
    <message>
        <source>Which of the other charts is shown</source>
        <translation>Welches der anderen Diagramme gezeigt wird</translation>
    </message>
    <message>
        <source>worst shard</source>
        <translation>schlechtester Shard</translation>
    </message>
    <message>
        <source>Pinned shards, one line each</source>
        <translation>Angeheftete Shards, je eine Linie</translation>
    </message>
    <message>
        <source>Thick: %1 · thin: next worst · grey: range of the rest</source>
        <translation>Dick: %1 · dünn: die nächstschlechten · grau: Spanne der übrigen</translation>
    </message>
</context>
<context>
    <name>ui::ChartsPage</name>
    <message>
        <source>Charts &amp;begin with</source>
        <translation>Diagramme &amp;beginnen mit</translation>
    </message>
    <message>
        <source>the last 15 minutes</source>
        <translation>den letzten 15 Minuten</translation>
    </message>
    <message>
        <source>the last hour</source>
        <translation>der letzten Stunde</translation>
    </message>
    <message>
        <source>the last 6 hours</source>
        <translation>den letzten 6 Stunden</translation>
    </message>
    <message>
        <source>the last 24 hours</source>
        <translation>den letzten 24 Stunden</translation>
    </message>
    <message>
        <source>Axis of &amp;depth and lag</source>
        <translation>&amp;Achse von Warteschlange und Rückstand</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linear</translation>
    </message>
    <message>
        <source>Logarithmic</source>
        <translation>Logarithmisch</translation>
    </message>
    <message>
        <source>Both can be changed on the page at any time: [ and ] for the window, L for the axis.</source>
        <translation>Beides lässt sich auf der Seite jederzeit ändern: [ und ] für das Fenster, L für die Achse.</translation>
    </message>
</context>
<context>
    <name>ui::CoachBar</name>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Connect a real destination…</source>
        <translation>Ein echtes Ziel anschließen…</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Erste Schritte</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>Nächster Schritt</translation>
    </message>
    <message>
        <source>Skip the first steps</source>
        <translation>Die ersten Schritte überspringen</translation>
    </message>
    <message>
        <source>Connect a real destination</source>
        <translation>Ein echtes Ziel anschließen</translation>
    </message>
    <message>
        <source>1 See</source>
        <translation>1 Sehen</translation>
    </message>
    <message>
        <source>2 Why</source>
        <translation>2 Warum</translation>
    </message>
    <message>
        <source>3 Stage and apply</source>
        <translation>3 Vormerken und anwenden</translation>
    </message>
    <message>
        <source>4 Replay</source>
        <translation>4 Wiederholen</translation>
    </message>
    <message>
        <source>%1 is throttled: its queue grows while the others flow. Select it.</source>
        <translation>%1 ist gedrosselt: Seine Schlange wächst, während die anderen fließen. Bitte auswählen.</translation>
    </message>
    <message>
        <source>Traffic flows to simulated platforms. In a moment one of them will throttle.</source>
        <translation>Verkehr fließt zu simulierten Plattformen. Gleich wird eine davon drosseln.</translation>
    </message>
    <message>
        <source>Read “Why it waits” in the inspector on the right: the platform asked to slow down, and nothing is lost meanwhile.</source>
        <translation>Rechts im Inspektor „Warum er wartet“ lesen: Die Plattform bat um Zurückhaltung, und nichts geht derweil verloren.</translation>
    </message>
    <message>
        <source>Some events were refused and wait as dead letters. Open Dead letters, choose a few and replay them: with a preview first.</source>
        <translation>Einige Ereignisse wurden abgelehnt und warten als unzustellbar. Die Seite öffnen, einige wählen und wiederholen: zuerst mit Vorschau.</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Lower the concurrency and look at the prediction. In the simulator a slider applies while you drag it; otherwise Apply sends. Undo takes it back.</source>
        <translation>Senken Sie die Parallelität und sehen Sie auf die Vorhersage. Im Simulator wird ein Schieber beim Ziehen angewandt, sonst sendet Anwenden. Rückgängig nimmt es zurück.</translation>
    </message>
</context>
<context>
    <name>ui::CommandRunner</name>
    <message>
        <source>No answer after %1 s. It may still take effect; the audit list will say so.</source>
        <translation>Keine Antwort nach %1 s. Es kann noch wirken; das Protokoll wird es sagen.</translation>
    </message>
</context>
<context>
    <name>ui::ConfirmStep</name>
    <message>
        <source>Type the number of events</source>
        <translation>Die Zahl der Ereignisse eintippen</translation>
    </message>
    <message>
        <source>Reason for the audit</source>
        <translation>Grund für das Protokoll</translation>
    </message>
    <message>
        <source>optional, for the audit</source>
        <translation>freiwillig, für das Protokoll</translation>
    </message>
    <message>
        <source>Rea&amp;son</source>
        <translation>&amp;Grund</translation>
    </message>
    <message>
        <source>Seconds until the replay starts</source>
        <translation>Sekunden bis zum Beginn der Wiederholung</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the start</source>
        <translation>Den Beginn abbrechen</translation>
    </message>
    <message>
        <source>Type &amp;%1 to confirm</source>
        <translation>Zum Bestätigen &amp;%1 eintippen</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Beginnt…</translation>
    </message>
    <message>
        <source>Replay %1 events</source>
        <translation>%1 Ereignisse wiederholen</translation>
    </message>
    <message>
        <source>Starting in %1 s</source>
        <translation>Beginnt in %1 s</translation>
    </message>
    <message>
        <source>needed, for the audit</source>
        <translation>nötig, für das Protokoll</translation>
    </message>
</context>
<context>
    <name>ui::ConnectSheet</name>
    <message>
        <source>Connect a real destination</source>
        <translation>Ein echtes Ziel anschließen</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>Plattform</translation>
    </message>
    <message>
        <source>&amp;Platform</source>
        <translation>&amp;Plattform</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>meta-main</source>
        <translation>meta-main</translation>
    </message>
    <message>
        <source>&amp;Account</source>
        <translation>&amp;Konto</translation>
    </message>
    <message>
        <source>pixel, customer id, workspace…</source>
        <translation>Pixel, Kundennummer, Arbeitsbereich…</translation>
    </message>
    <message>
        <source>&amp;Endpoint</source>
        <translation>&amp;Endpunkt</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>What will be added to the file</source>
        <translation>Was in die Datei aufgenommen wird</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel connecting</source>
        <translation>Das Anschließen abbrechen</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Test the destination</source>
        <translation>Das Ziel prüfen</translation>
    </message>
    <message>
        <source>Sends one invented event in the form that the platform looks at and does not count</source>
        <translation>Sendet ein erfundenes Ereignis in der Form, die die Plattform ansieht, aber nicht zählt</translation>
    </message>
    <message>
        <source>Fill in the fields; nothing is written yet.</source>
        <translation>Die Felder ausfüllen; noch ist nichts geschrieben.</translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation>Wird geprüft…</translation>
    </message>
    <message>
        <source>Not tested: %1</source>
        <translation>Nicht geprüft: %1</translation>
    </message>
    <message>
        <source>Not written: %1</source>
        <translation>Nicht geschrieben: %1</translation>
    </message>
    <message>
        <source>Written. The engine reads the file by itself within two seconds.</source>
        <translation>Geschrieben. Die Maschine liest die Datei innerhalb von zwei Sekunden von selbst.</translation>
    </message>
    <message>
        <source>Written. Start Spillway on it with: spillway --config %1</source>
        <translation>Geschrieben. Spillway damit starten: spillway --config %1</translation>
    </message>
    <message>
        <source>Add, paused</source>
        <translation>Angehalten aufnehmen</translation>
    </message>
    <message>
        <source>Add %1 to %2, paused</source>
        <translation>%1 angehalten in %2 aufnehmen</translation>
    </message>
    <message>
        <source>The destination is added to a configuration file and starts paused: nothing is sent before you resume it. The file names credentials and never holds them: keychain:NAME is an entry of this desktop&apos;s keychain, env:NAME an environment variable, file:PATH a file that only you can read.</source>
        <translation>Das Ziel wird in eine Konfigurationsdatei geschrieben und beginnt angehalten: Nichts wird gesendet, bevor Sie es fortsetzen. Die Datei nennt Zugangsdaten und enthält sie nie: keychain:NAME ist ein Eintrag im Schlüsselbund dieses Rechners, env:NAME eine Umgebungsvariable, file:PATH eine Datei, die nur Sie lesen können.</translation>
    </message>
    <message>
        <source>Which credentials</source>
        <translation>Welche Zugangsdaten</translation>
    </message>
    <message>
        <source>&amp;Credentials</source>
        <translation>&amp;Zugangsdaten</translation>
    </message>
    <message>
        <source>E&amp;vents</source>
        <translation>E&amp;reignisse</translation>
    </message>
    <message>
        <source>purchase = 123456, lead = 123457: what the platform calls each of your events</source>
        <translation>purchase = 123456, lead = 123457: wie die Plattform jedes Ihrer Ereignisse nennt</translation>
    </message>
    <message>
        <source>More settings</source>
        <translation>Weitere Einstellungen</translation>
    </message>
    <message>
        <source>&amp;More settings</source>
        <translation>&amp;Weitere Einstellungen</translation>
    </message>
    <message>
        <source>Keychain…</source>
        <translation>Schlüsselbund…</translation>
    </message>
    <message>
        <source>Put %1 into the keychain</source>
        <translation>%1 in den Schlüsselbund legen</translation>
    </message>
    <message>
        <source>Puts the secret into this desktop&apos;s keychain and names it here</source>
        <translation>Legt das Geheimnis in den Schlüsselbund dieses Rechners und nennt es hier</translation>
    </message>
</context>
<context>
    <name>ui::ConsoleActions</name>
    <message>
        <source>&amp;Open shard</source>
        <translation>Shard ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Pause…</source>
        <translation>&amp;Anhalten…</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Pause re&amp;tries</source>
        <translation>&amp;Neuversuche anhalten</translation>
    </message>
    <message>
        <source>Pause &amp;all…</source>
        <translation>All&amp;es anhalten…</translation>
    </message>
    <message>
        <source>Pro&amp;be now</source>
        <translation>Jetzt &amp;erproben</translation>
    </message>
    <message>
        <source>T&amp;une</source>
        <translation>E&amp;instellen</translation>
    </message>
    <message>
        <source>Open in &amp;DLQ</source>
        <translation>In der &amp;DLQ öffnen</translation>
    </message>
    <message>
        <source>Rep&amp;lay…</source>
        <translation>&amp;Wiederholen…</translation>
    </message>
    <message>
        <source>&amp;Copy summary</source>
        <translation>&amp;Zusammenfassung kopieren</translation>
    </message>
    <message>
        <source>P&amp;in to compare</source>
        <translation>Zum &amp;Vergleich anheften</translation>
    </message>
    <message>
        <source>Re&amp;vert all tuning…</source>
        <translation>Alle Einstellungen &amp;zurücknehmen…</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>Re&amp;load configuration</source>
        <translation>Konfiguration neu &amp;laden</translation>
    </message>
    <message>
        <source>&amp;Freeze table and charts</source>
        <translation>Tabelle und Diagramme &amp;einfrieren</translation>
    </message>
    <message>
        <source>Fi&amp;lter</source>
        <translation>Fi&amp;ltern</translation>
    </message>
    <message>
        <source>&amp;Clear filter and pins</source>
        <translation>Filter und Heftungen &amp;aufheben</translation>
    </message>
    <message>
        <source>&amp;Next shard in trouble</source>
        <translation>&amp;Nächster Shard mit Problem</translation>
    </message>
    <message>
        <source>&amp;Previous shard in trouble</source>
        <translation>&amp;Voriger Shard mit Problem</translation>
    </message>
    <message>
        <source>&amp;Sort now</source>
        <translation>Jetzt &amp;sortieren</translation>
    </message>
    <message>
        <source>&amp;Group by destination</source>
        <translation>Nach Ziel &amp;gruppieren</translation>
    </message>
    <message>
        <source>Shorter chart window</source>
        <translation>Kürzeres Diagrammfenster</translation>
    </message>
    <message>
        <source>Longer chart window</source>
        <translation>Längeres Diagrammfenster</translation>
    </message>
    <message>
        <source>&amp;Back to the last range</source>
        <translation>&amp;Zurück zum letzten Bereich</translation>
    </message>
    <message>
        <source>Lo&amp;garithmic depth and lag</source>
        <translation>Schlange und Rückstand lo&amp;garithmisch</translation>
    </message>
    <message>
        <source>Chart as &amp;table…</source>
        <translation>Diagramm als &amp;Tabelle…</translation>
    </message>
    <message>
        <source>&amp;Mark on charts…</source>
        <translation>In Diagrammen &amp;markieren…</translation>
    </message>
    <message>
        <source>&amp;Commands…</source>
        <translation>&amp;Befehle…</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>Next &amp;area</source>
        <translation>Nächster &amp;Bereich</translation>
    </message>
    <message>
        <source>Previous a&amp;rea</source>
        <translation>Voriger Be&amp;reich</translation>
    </message>
    <message>
        <source>&amp;Inspector</source>
        <translation>&amp;Inspektor</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>V&amp;ollbild</translation>
    </message>
    <message>
        <source>Reset &amp;layout</source>
        <translation>&amp;Anordnung zurücksetzen</translation>
    </message>
    <message>
        <source>As the &amp;desktop</source>
        <translation>Wie der &amp;Schreibtisch</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;About Spillway</source>
        <translation>Ü&amp;ber Spillway</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Resume all…</source>
        <translation>Alles fortsetzen…</translation>
    </message>
    <message>
        <source>&amp;Connect a real destination…</source>
        <translation>Ein echtes &amp;Ziel anschließen…</translation>
    </message>
    <message>
        <source>Sale &amp;mode</source>
        <translation>Sale-&amp;Modus</translation>
    </message>
    <message>
        <source>Theme: as the desktop</source>
        <translation>Farbschema: wie der Schreibtisch</translation>
    </message>
    <message>
        <source>Theme: light</source>
        <translation>Farbschema: hell</translation>
    </message>
    <message>
        <source>Theme: dark</source>
        <translation>Farbschema: dunkel</translation>
    </message>
    <message>
        <source>F&amp;ind in the document</source>
        <translation>Im Dokument &amp;suchen</translation>
    </message>
    <message>
        <source>&amp;Archive or restore the scope</source>
        <translation>Umfang &amp;archivieren oder zurückholen</translation>
    </message>
    <message>
        <source>&amp;Purge archived entries…</source>
        <translation>Archivierte Einträge &amp;endgültig entfernen …</translation>
    </message>
    <message>
        <source>&amp;Copy as curl</source>
        <translation>Als &amp;curl kopieren</translation>
    </message>
    <message>
        <source>&amp;New replay</source>
        <translation>&amp;Neue Wiederholung</translation>
    </message>
    <message>
        <source>Ne&amp;xt step of the replay</source>
        <translation>Nä&amp;chster Schritt der Wiederholung</translation>
    </message>
    <message>
        <source>Pre&amp;vious step of the replay</source>
        <translation>&amp;Voriger Schritt der Wiederholung</translation>
    </message>
    <message>
        <source>Revert the selecte&amp;d action</source>
        <translation>Ausgewählte Aktion zurück&amp;nehmen</translation>
    </message>
</context>
<context>
    <name>ui::DeadLetterExport</name>
    <message>
        <source>Cancelled; no file was left behind.</source>
        <translation>Abgebrochen; keine Datei blieb zurück.</translation>
    </message>
</context>
<context>
    <name>ui::DeadLetterView</name>
    <message>
        <source>Dead letters</source>
        <translation>Unzustellbare</translation>
    </message>
    <message>
        <source>%1 of %2 selected rows copied: the others are not read. Use Export.</source>
        <translation>%1 von %2 ausgewählten Zeilen kopiert: Die übrigen sind nicht gelesen. Nehmen Sie Exportieren.</translation>
    </message>
</context>
<context>
    <name>ui::DetailPane</name>
    <message>
        <source>Details of the dead letter</source>
        <translation>Einzelheiten des unzustellbaren Ereignisses</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Nutzdaten</translation>
    </message>
    <message>
        <source>Response</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>HTTP</source>
        <translation>HTTP</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Find in this text</source>
        <translation>In diesem Text suchen</translation>
    </message>
    <message>
        <source>Find  Ctrl+Shift+F</source>
        <translation>Suchen  Strg+Umschalt+F</translation>
    </message>
    <message>
        <source>Show personal data</source>
        <translation>Personenbezogenes zeigen</translation>
    </message>
    <message>
        <source>E-mail addresses, telephone numbers and IP addresses are masked. What is copied or exported stays masked.</source>
        <translation>E-Mail-Adressen, Telefonnummern und IP-Adressen sind verdeckt. Kopiertes und Exportiertes bleibt verdeckt.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copies the text of this tab, masked</source>
        <translation>Kopiert den Text dieses Reiters, verdeckt</translation>
    </message>
    <message>
        <source>Copy as curl</source>
        <translation>Als curl kopieren</translation>
    </message>
    <message>
        <source>Secrets become $NAME, personal data stays masked</source>
        <translation>Geheimnisse werden $NAME, Personenbezogenes bleibt verdeckt</translation>
    </message>
    <message>
        <source>Replay this…</source>
        <translation>Dieses wiederholen…</translation>
    </message>
    <message>
        <source>No entry selected</source>
        <translation>Kein Eintrag gewählt</translation>
    </message>
    <message>
        <source>Select a row to read its payload and the platform&apos;s answer.</source>
        <translation>Eine Zeile wählen, um Nutzdaten und Antwort der Plattform zu lesen.</translation>
    </message>
    <message>
        <source>Could not read this entry</source>
        <translation>Dieser Eintrag war nicht lesbar</translation>
    </message>
    <message>
        <source>HTTP %1</source>
        <translation>HTTP %1</translation>
    </message>
    <message>
        <source>code %1</source>
        <translation>Code %1</translation>
    </message>
    <message>
        <source>Encoded by %1</source>
        <translation>Kodiert von %1</translation>
    </message>
    <message>
        <source>Payload gone: retention has removed the event. It cannot be replayed.</source>
        <translation>Nutzdaten fort: Die Aufbewahrungsfrist hat das Ereignis entfernt. Es lässt sich nicht wiederholen.</translation>
    </message>
    <message>
        <source>No answer was kept: none came, or it was empty.</source>
        <translation>Keine Antwort aufbewahrt: Es kam keine, oder sie war leer.</translation>
    </message>
    <message>
        <source>%1 came; the first %2 are kept</source>
        <translation>%1 kamen; die ersten %2 sind aufbewahrt</translation>
    </message>
    <message>
        <source>Refused before anything was sent.</source>
        <translation>Abgelehnt, bevor etwas gesendet wurde.</translation>
    </message>
    <message>
        <source>given back</source>
        <translation>zurückgegeben</translation>
    </message>
    <message>
        <source>Lane %1, records in the request: %2</source>
        <translation>Spur %1, Datensätze in der Anfrage: %2</translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n gefunden</numerusform>
            <numerusform>%n gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>Diff</source>
        <translation>Diff</translation>
    </message>
    <message>
        <source>Against the last accepted event of this name and shard</source>
        <translation>Gegen das zuletzt angenommene Ereignis dieses Namens und Shards</translation>
    </message>
    <message>
        <source>Opens the replay page with this entry; nothing is sent yet</source>
        <translation>Öffnet die Wiederholung mit diesem Eintrag; noch wird nichts gesendet</translation>
    </message>
</context>
<context>
    <name>ui::DiffView</name>
    <message>
        <source>Differences to the last accepted payload</source>
        <translation>Unterschiede zu den zuletzt angenommenen Nutzdaten</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>This one</source>
        <translation>Dieses</translation>
    </message>
    <message>
        <source>Payload gone: there is nothing to compare.</source>
        <translation>Nutzdaten fort: Es gibt nichts zu vergleichen.</translation>
    </message>
    <message>
        <source>No accepted event of this name and shard is kept to compare with.</source>
        <translation>Kein angenommenes Ereignis dieses Namens und Shards ist zum Vergleichen aufbewahrt.</translation>
    </message>
    <message>
        <source>Payloads over %1 are not compared here.</source>
        <translation>Nutzdaten über %1 werden hier nicht verglichen.</translation>
    </message>
    <message>
        <source>Against %1, accepted here, received %2: %3 differences%4</source>
        <translation>Gegen %1, hier angenommen, eingegangen %2: %3 Unterschiede%4</translation>
    </message>
    <message>
        <source>, the first %1 shown</source>
        <translation>, die ersten %1 gezeigt</translation>
    </message>
</context>
<context>
    <name>ui::DlqPage</name>
    <message>
        <source>DLQ</source>
        <translation>DLQ</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>Gruppen</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
    <message>
        <source>Order by first failure</source>
        <translation>Nach dem ersten Scheitern ordnen</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>%1 waiting</source>
        <comment>dead letters</comment>
        <translation>%1 warten</translation>
    </message>
    <message>
        <source>%1 match, %2 waiting in all</source>
        <translation>%1 passen, %2 warten insgesamt</translation>
    </message>
    <message>
        <source>%1 so far, %2 waiting in all</source>
        <translation>%1 bisher, %2 warten insgesamt</translation>
    </message>
    <message>
        <source>as of %1</source>
        <translation>Stand %1</translation>
    </message>
    <message>
        <source>From a maintained counter and the rows read; %1</source>
        <translation>Aus einem laufenden Zähler und den gelesenen Zeilen; %1</translation>
    </message>
    <message>
        <source>JSON Lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>Export dead letters</source>
        <translation>Unzustellbare exportieren</translation>
    </message>
    <message>
        <source>Purge…</source>
        <translation>Endgültig entfernen…</translation>
    </message>
    <message>
        <source>Remove archived entries for good</source>
        <translation>Archivierte Einträge endgültig entfernen</translation>
    </message>
    <message>
        <source>One line per cause, and its entries below (G)</source>
        <translation>Eine Zeile je Ursache, darunter ihre Einträge (G)</translation>
    </message>
    <message>
        <source>One line per dead letter alone (G)</source>
        <translation>Nur eine Zeile je unzustellbarem Eintrag (G)</translation>
    </message>
    <message>
        <source>Replay…</source>
        <translation>Wiederholen…</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archivieren</translation>
    </message>
    <message>
        <source>Look the event up</source>
        <translation>Ereignis nachschlagen</translation>
    </message>
    <message>
        <source>Only this cause</source>
        <translation>Nur diese Ursache</translation>
    </message>
    <message>
        <source>Only this shard</source>
        <translation>Nur dieser Shard</translation>
    </message>
    <message>
        <source>Copy event id</source>
        <translation>Ereignis-ID kopieren</translation>
    </message>
    <message>
        <source>Copy rows</source>
        <translation>Zeilen kopieren</translation>
    </message>
    <message>
        <source>Open its entries</source>
        <translation>Ihre Einträge öffnen</translation>
    </message>
    <message>
        <source>Replay %1…</source>
        <translation>%1 wiederholen…</translation>
    </message>
    <message>
        <source>Restore %1</source>
        <translation>%1 zurückholen</translation>
    </message>
    <message>
        <source>Archive %1</source>
        <translation>%1 archivieren</translation>
    </message>
    <message>
        <source>Copy the cause</source>
        <translation>Ursache kopieren</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>Nothing is selected. Select rows or a group, or use the button for all that match.</source>
        <translation>Nichts ist ausgewählt. Wählen Sie Zeilen oder eine Gruppe, oder nehmen Sie den Knopf für alle, die passen.</translation>
    </message>
</context>
<context>
    <name>ui::EventMatrixModel</name>
    <message>
        <source>%1 (not found)</source>
        <translation>%1 (nicht gefunden)</translation>
    </message>
    <message>
        <source>Event ID</source>
        <translation>Ereignis-ID</translation>
    </message>
</context>
<context>
    <name>ui::EventsPage</name>
    <message>
        <source>Paste an event_id, or up to %1 of them.</source>
        <translation>Eine event_id einfügen oder bis zu %1 davon.</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Event ids</source>
        <translation>Ereignis-IDs</translation>
    </message>
    <message>
        <source>event_id, or several apart by spaces   Ctrl+Shift+E pastes</source>
        <translation>event_id oder mehrere, durch Leerzeichen getrennt   Strg+Umschalt+E fügt ein</translation>
    </message>
    <message>
        <source>Clear event ids</source>
        <translation>Ereignis-IDs leeren</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Copy trace</source>
        <translation>Verlauf kopieren</translation>
    </message>
    <message>
        <source>As lines of text, times in UTC, personal data masked</source>
        <translation>Als Textzeilen, Zeiten in UTC, Personenbezogenes verdeckt</translation>
    </message>
    <message>
        <source>Next of this id</source>
        <translation>Nächstes dieser ID</translation>
    </message>
    <message>
        <source>Several workspaces or event names use this id</source>
        <translation>Mehrere Arbeitsbereiche oder Ereignisnamen verwenden diese ID</translation>
    </message>
    <message>
        <source>Open in DLQ</source>
        <translation>In der DLQ öffnen</translation>
    </message>
    <message>
        <source>Lanes</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <source>Steps of the event</source>
        <translation>Schritte des Ereignisses</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>HTTP</source>
        <translation>HTTP</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Steps and payload</source>
        <translation>Schritte und Nutzdaten</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Payload as accepted</source>
        <translation>Nutzdaten wie angenommen</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Nutzdaten</translation>
    </message>
    <message>
        <source>Only those not accepted everywhere</source>
        <translation>Nur die nicht überall angenommenen</translation>
    </message>
    <message>
        <source>Events by destination</source>
        <translation>Ereignisse nach Ziel</translation>
    </message>
    <message>
        <source>Paste an event_id.</source>
        <translation>Eine event_id einfügen.</translation>
    </message>
    <message>
        <source>%1 ids were pasted; at most %2 are looked up at once.</source>
        <translation>%1 IDs eingefügt; höchstens %2 werden auf einmal nachgeschlagen.</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird gesucht…</translation>
    </message>
    <message>
        <source>The journal could not be read: %1</source>
        <translation>Das Journal war nicht lesbar: %1</translation>
    </message>
    <message>
        <source>ingest</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>What is shown, as a file, personal data masked (Ctrl+E)</source>
        <translation>Was gezeigt wird, als Datei, Personenbezogenes verdeckt (Strg+E)</translation>
    </message>
    <message>
        <source>The selected step</source>
        <translation>Der gewählte Schritt</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>Versuch</translation>
    </message>
    <message>
        <source>Event ids to look up</source>
        <translation>Ereignis-IDs zum Nachsehen</translation>
    </message>
    <message>
        <source>Ids that contain it, newest first</source>
        <translation>IDs, die das enthalten, neueste zuerst</translation>
    </message>
    <message>
        <source>Looked up lately</source>
        <translation>Zuletzt nachgesehen</translation>
    </message>
    <message>
        <source>Not found. Searched for exactly this id: the journal, which keeps events for %1 and has them since %2, and the dead letters. 0 hits.</source>
        <translation>Nicht gefunden. Genau diese ID wurde gesucht: im Journal, das Ereignisse %1 lang aufbewahrt und sie seit %2 hat, und in den Unzustellbaren. 0 Treffer.</translation>
    </message>
    <message>
        <source>Not found: the journal is empty.</source>
        <translation>Nicht gefunden: Das Journal ist leer.</translation>
    </message>
    <message>
        <source>None of the newest %1 events has an id that contains it.</source>
        <translation>Keines der neuesten %1 Ereignisse hat eine ID, die das enthält.</translation>
    </message>
    <message>
        <source>… the first %1 of %2</source>
        <translation>… die ersten %1 von %2</translation>
    </message>
    <message>
        <source>The request and the answer stand with the dead letter: Open in DLQ.</source>
        <translation>Anfrage und Antwort stehen beim Unzustellbaren: In DLQ öffnen.</translation>
    </message>
    <message>
        <source>Export events</source>
        <translation>Ereignisse exportieren</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>Durch Kommas getrennte Werte (*.csv)</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>Text (*.txt)</translation>
    </message>
    <message>
        <source>Written to %1</source>
        <translation>Geschrieben nach %1</translation>
    </message>
    <message>
        <source>Not exported: %1</source>
        <translation>Nicht exportiert: %1</translation>
    </message>
    <message>
        <source>%1 found, %2 not found</source>
        <translation>%1 gefunden, %2 nicht gefunden</translation>
    </message>
</context>
<context>
    <name>ui::ExportBar</name>
    <message>
        <source>Cancel export</source>
        <translation>Export abbrechen</translation>
    </message>
    <message>
        <source>Export progress</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Wird exportiert…</translation>
    </message>
    <message>
        <source>%1 rows written</source>
        <translation>%1 Zeilen geschrieben</translation>
    </message>
    <message>
        <source>%1 rows written to %2</source>
        <translation>%1 Zeilen nach %2 geschrieben</translation>
    </message>
    <message>
        <source>Not exported: %1</source>
        <translation>Nicht exportiert: %1</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the export message</source>
        <translation>Die Exportmeldung schließen</translation>
    </message>
</context>
<context>
    <name>ui::FilterBar</name>
    <message>
        <source>Filter dead letters</source>
        <translation>Unzustellbare filtern</translation>
    </message>
    <message>
        <source>Filter  Ctrl+F   dest:meta-main code:100 class:invalid first&gt;09:00, or an event id</source>
        <translation>Filter  Strg+F   dest:meta-main code:100 class:invalid first&gt;09:00 oder eine Ereignis-ID</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <source>Filter dead letters, with the filters used before</source>
        <translation>Unzustellbare filtern, mit den zuletzt benutzten Filtern</translation>
    </message>
    <message>
        <source>dest: shard: type: class: http: code: fp: id: state: text: $.field:
retries&gt;=3  size&gt;100k  expires&lt;24h  job:R-17
first&gt; first&lt; last&gt; last&lt; event&gt; event&lt;  with 09:00, 15m (ago), 2026-11-27 or 2026-11-27T09:00:00Z</source>
        <translation>dest: shard: type: class: http: code: fp: id: state: text: $.feld:
retries&gt;=3  size&gt;100k  expires&lt;24h  job:R-17
first&gt; first&lt; last&gt; last&lt; event&gt; event&lt;  mit 09:00, 15m (zurück), 2026-11-27 oder 2026-11-27T09:00:00Z</translation>
    </message>
</context>
<context>
    <name>ui::FilterChip</name>
    <message>
        <source>Edit “%1” in the filter line</source>
        <translation>„%1“ in der Filterzeile ändern</translation>
    </message>
    <message>
        <source>Edit filter %1</source>
        <translation>Filter %1 ändern</translation>
    </message>
    <message>
        <source>Take “%1” out of the filter</source>
        <translation>„%1“ aus dem Filter nehmen</translation>
    </message>
    <message>
        <source>Remove filter %1</source>
        <translation>Filter %1 entfernen</translation>
    </message>
</context>
<context>
    <name>ui::GroupList</name>
    <message>
        <source>Dead letters by cause</source>
        <translation>Unzustellbare nach Ursache</translation>
    </message>
    <message>
        <source>Reading groups of dead letters…</source>
        <translation>Gruppen unzustellbarer werden gelesen…</translation>
    </message>
    <message>
        <source>The groups could not be read: %1</source>
        <translation>Die Gruppen waren nicht lesbar: %1</translation>
    </message>
    <message>
        <source>No group matches this filter.</source>
        <translation>Keine Gruppe passt zu diesem Filter.</translation>
    </message>
    <message>
        <source>No dead letters. Good.</source>
        <translation>Nichts Unzustellbares. Gut.</translation>
    </message>
    <message>
        <source>Merge %1 groups</source>
        <translation>%1 Gruppen zusammenlegen</translation>
    </message>
    <message>
        <source>Join accounts</source>
        <translation>Konten zusammenlegen</translation>
    </message>
    <message>
        <source>Take %1 apart</source>
        <translation>%1 wieder trennen</translation>
    </message>
    <message>
        <source>Split by account</source>
        <translation>Nach Konto trennen</translation>
    </message>
    <message>
        <source>Shows and counts them as the largest of them; no entry is changed</source>
        <translation>Zeigt und zählt sie als die größte von ihnen; kein Eintrag wird geändert</translation>
    </message>
    <message>
        <source>Changes how they are shown and counted; no entry is changed</source>
        <translation>Ändert, wie sie gezeigt und gezählt werden; kein Eintrag wird geändert</translation>
    </message>
    <message>
        <source>%1 groups merged.</source>
        <translation>%1 Gruppen zusammengelegt.</translation>
    </message>
    <message>
        <source>Split by account.</source>
        <translation>Nach Konto getrennt.</translation>
    </message>
    <message>
        <source>Accounts joined.</source>
        <translation>Konten zusammengelegt.</translation>
    </message>
    <message>
        <source>Taken apart.</source>
        <translation>Getrennt.</translation>
    </message>
</context>
<context>
    <name>ui::GroupModel</name>
    <message>
        <source>Same cause</source>
        <comment>failures with one fingerprint</comment>
        <translation>Gleiche Ursache</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Anzahl</translation>
    </message>
    <message>
        <source>First seen</source>
        <translation>Zuerst gesehen</translation>
    </message>
    <message>
        <source>Last attempt</source>
        <translation>Letzter Versuch</translation>
    </message>
    <message>
        <source>Shards</source>
        <translation>Shards</translation>
    </message>
    <message>
        <source>%1, note</source>
        <translation>%1, Notiz</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>+%1 merged</source>
        <translation>+%1 zusammengelegt</translation>
    </message>
    <message>
        <source>Counted for whole groups only: take the other conditions out of the filter</source>
        <translation>Nur für ganze Gruppen gezählt: nehmen Sie die anderen Bedingungen aus dem Filter</translation>
    </message>
    <message>
        <source>%1 came in the last 6 hours, %2 of them in the last hour</source>
        <translation>%1 kamen in den letzten 6 Stunden, davon %2 in der letzten Stunde</translation>
    </message>
    <message>
        <source>Last 6 h</source>
        <comment>failures over time</comment>
        <translation>Letzte 6 h</translation>
    </message>
</context>
<context>
    <name>ui::GroupRemark</name>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Known</source>
        <translation>Bekannt</translation>
    </message>
    <message>
        <source>Fix pending</source>
        <translation>Behebung offen</translation>
    </message>
    <message>
        <source>Fixed</source>
        <translation>Behoben</translation>
    </message>
    <message>
        <source>Regressed</source>
        <translation>Wieder aufgetreten</translation>
    </message>
    <message>
        <source>Set status</source>
        <translation>Status setzen</translation>
    </message>
    <message>
        <source>Status of the group</source>
        <translation>Status der Gruppe</translation>
    </message>
    <message>
        <source>Note on the group</source>
        <translation>Notiz zur Gruppe</translation>
    </message>
    <message>
        <source>Note: owner, ticket</source>
        <translation>Notiz: zuständig, Ticket</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Wird gespeichert…</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Not saved: %1</source>
        <translation>Nicht gespeichert: %1</translation>
    </message>
</context>
<context>
    <name>ui::HelpWindow</name>
    <message>
        <source>Spillway help</source>
        <translation>Spillway-Hilfe</translation>
    </message>
    <message>
        <source>Help pages</source>
        <translation>Hilfeseiten</translation>
    </message>
    <message>
        <source>Help text</source>
        <translation>Hilfetext</translation>
    </message>
    <message>
        <source>This page is missing from the program: %1</source>
        <translation>Diese Seite fehlt im Programm: %1</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Back to the page before</source>
        <translation>Zurück zur vorigen Seite</translation>
    </message>
    <message>
        <source>Search the help</source>
        <translation>Die Hilfe durchsuchen</translation>
    </message>
    <message>
        <source>Search   Ctrl+F</source>
        <translation>Suchen   Strg+F</translation>
    </message>
    <message>
        <source>Clear search</source>
        <translation>Suche leeren</translation>
    </message>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n Seite</numerusform>
            <numerusform>%n Seiten</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::IncidentBar</name>
    <message>
        <source>In</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Schlange</translation>
    </message>
    <message>
        <source>DLQ</source>
        <translation>DLQ</translation>
    </message>
    <message>
        <source>Running jobs</source>
        <translation>Laufende Aufträge</translation>
    </message>
    <message>
        <source>Pause all destinations</source>
        <translation>Alle Ziele anhalten</translation>
    </message>
    <message>
        <source>The store cannot commit: nothing is accepted or sent. %1</source>
        <translation>Der Speicher kann nicht schreiben: Nichts wird angenommen oder gesendet. %1</translation>
    </message>
    <message>
        <source>Disk almost full: ingress answers 503.</source>
        <translation>Platte fast voll: Der Eingang antwortet 503.</translation>
    </message>
    <message>
        <source>Configuration refused, the old one is in force: %1</source>
        <translation>Konfiguration abgelehnt, die alte gilt weiter: %1</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>In %1, out %2, waiting %3, dead letters %4</source>
        <translation>Ein %1, aus %2, wartend %3, unzustellbar %4</translation>
    </message>
    <message>
        <source>%1 deliveries waiting, %2 dead letters</source>
        <translation>%1 Zustellungen warten, %2 unzustellbar</translation>
    </message>
    <message>
        <source>%1: %2, show these shards</source>
        <translation>%1: %2, diese Shards zeigen</translation>
    </message>
    <message>
        <source>Engine not answering: last sample %1 ago</source>
        <translation>Maschine antwortet nicht: letzter Stand vor %1</translation>
    </message>
    <message>
        <source>No destinations in this profile</source>
        <translation>Keine Ziele in diesem Profil</translation>
    </message>
    <message>
        <source>The one shard delivers normally</source>
        <translation>Der eine Shard stellt normal zu</translation>
    </message>
    <message>
        <source>All %1 shards deliver normally</source>
        <translation>Alle %1 Shards stellen normal zu</translation>
    </message>
    <message>
        <source>1 of %1 shards needs attention</source>
        <translation>1 von %1 Shards braucht Aufmerksamkeit</translation>
    </message>
    <message>
        <source>%1 of %2 shards need attention</source>
        <translation>%1 von %2 Shards brauchen Aufmerksamkeit</translation>
    </message>
    <message>
        <source>Nothing waits</source>
        <translation>Nichts wartet</translation>
    </message>
    <message>
        <source>Longest wait %1</source>
        <translation>Längste Wartezeit %1</translation>
    </message>
    <message>
        <source> · no new dead letters in 5 min</source>
        <translation> · in 5 min keine neuen unzustellbaren</translation>
    </message>
    <message>
        <source> · %1 new dead letters a minute</source>
        <translation> · %1 neue unzustellbare je Minute</translation>
    </message>
    <message>
        <source>SALE</source>
        <translation>SALE</translation>
    </message>
    <message>
        <source>Sale mode, switched on by %1</source>
        <translation>Sale-Modus, eingeschaltet von %1</translation>
    </message>
    <message>
        <source>Sale mode, in a window of the configuration</source>
        <translation>Sale-Modus, in einem Zeitfenster der Konfiguration</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>bis %1</translation>
    </message>
    <message>
        <source>Also: %1</source>
        <translation>Außerdem: %1</translation>
    </message>
    <message>
        <source>Ready for a first event</source>
        <translation>Bereit für ein erstes Ereignis</translation>
    </message>
    <message>
        <source>Replay %1 %2 %</source>
        <translation>Wiederholung %1 %2 %</translation>
    </message>
    <message>
        <source>Old sample</source>
        <translation>Alter Messwert</translation>
    </message>
</context>
<context>
    <name>ui::Inspector</name>
    <message>
        <source>Select a shard to see why it waits and to tune it.</source>
        <translation>Einen Shard wählen, um zu sehen, warum er wartet, und um ihn einzustellen.</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Why it waits</source>
        <translation>Warum er wartet</translation>
    </message>
    <message>
        <source>Pause…</source>
        <translation>Anhalten…</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Probe now</source>
        <translation>Jetzt erproben</translation>
    </message>
    <message>
        <source>Sends one delivery past the hold to see whether the platform takes it</source>
        <translation>Sendet eine Zustellung an der Sperre vorbei, um zu sehen, ob die Plattform sie nimmt</translation>
    </message>
    <message>
        <source>Dead letters</source>
        <translation>Unzustellbare</translation>
    </message>
    <message>
        <source>Replay…</source>
        <translation>Wiederholen…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Last sample %1 old</source>
        <translation>Letzter Stand %1 alt</translation>
    </message>
    <message>
        <source>for %1</source>
        <comment>a state has held this long</comment>
        <translation>seit %1</translation>
    </message>
    <message>
        <source>also %1</source>
        <translation>auch %1</translation>
    </message>
    <message>
        <source>Retry-After %1</source>
        <translation>Retry-After %1</translation>
    </message>
    <message>
        <source>Not in the newest sample</source>
        <translation>Nicht im neuesten Stand</translation>
    </message>
    <message>
        <source>%1 of %2 needs attention; worst: %3</source>
        <translation>%1 von %2 braucht Aufmerksamkeit; am schlechtesten: %3</translation>
    </message>
    <message>
        <source>%1 of %2 need attention; worst: %3</source>
        <translation>%1 von %2 brauchen Aufmerksamkeit; am schlechtesten: %3</translation>
    </message>
    <message>
        <source>%1 deliveries wait in all</source>
        <translation>%1 Zustellungen warten insgesamt</translation>
    </message>
    <message>
        <source>Dead letters %1</source>
        <translation>Unzustellbare %1</translation>
    </message>
    <message>
        <source>%1 dead letters</source>
        <translation>%1 unzustellbare</translation>
    </message>
    <message>
        <source>Resume %1</source>
        <translation>%1 fortsetzen</translation>
    </message>
    <message>
        <source>Sent, waiting for the engine…</source>
        <translation>Gesendet, wartet auf die Maschine…</translation>
    </message>
    <message>
        <source>Not resumed: %1</source>
        <translation>Nicht fortgesetzt: %1</translation>
    </message>
    <message>
        <source>No probe: %1</source>
        <translation>Keine Probe: %1</translation>
    </message>
    <message>
        <source>Nothing is paused by an operator.</source>
        <translation>Nichts ist von einer Person angehalten.</translation>
    </message>
</context>
<context>
    <name>ui::JobView</name>
    <message>
        <source>Progress of the replay</source>
        <translation>Fortschritt der Wiederholung</translation>
    </message>
    <message>
        <source>Pause replay</source>
        <translation>Wiederholung anhalten</translation>
    </message>
    <message>
        <source>Resume replay</source>
        <translation>Wiederholung fortsetzen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Waiting for the first sample…</source>
        <translation>Wartet auf den ersten Stand…</translation>
    </message>
    <message>
        <source>%1: %2 of %3</source>
        <translation>%1: %2 von %3</translation>
    </message>
    <message>
        <source>accepted %1 · failed %2 · skipped %3 · left %4</source>
        <translation>angenommen %1 · gescheitert %2 · ausgelassen %3 · übrig %4</translation>
    </message>
    <message>
        <source>%1 left</source>
        <comment>a time</comment>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>time left unknown</source>
        <translation>Restzeit unbekannt</translation>
    </message>
    <message>
        <source>Cancel: %1 left stay in the DLQ</source>
        <translation>Abbrechen: %1 übrige bleiben in der DLQ</translation>
    </message>
    <message>
        <source>Sent, waiting for the engine…</source>
        <translation>Gesendet, wartet auf die Maschine…</translation>
    </message>
    <message>
        <source>Not done: %1</source>
        <translation>Nicht getan: %1</translation>
    </message>
    <message>
        <source>Slower</source>
        <translation>Langsamer</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation>Schneller</translation>
    </message>
    <message>
        <source>Half the pace</source>
        <translation>Halbes Tempo</translation>
    </message>
    <message>
        <source>Twice the pace; a share never exceeds all that live traffic leaves</source>
        <translation>Doppeltes Tempo; ein Anteil übersteigt nie das, was der laufende Verkehr übrig lässt</translation>
    </message>
    <message>
        <source>%1/s of %2/s planned</source>
        <translation>%1/s von geplanten %2/s</translation>
    </message>
    <message>
        <source>ramp %1 of %2</source>
        <translation>Anlauf %1 von %2</translation>
    </message>
    <message>
        <source>%1 new failures since the cutoff are not in this replay.</source>
        <translation>%1 seit dem Stichzeitpunkt neu gescheiterte sind nicht in dieser Wiederholung.</translation>
    </message>
    <message>
        <source>Selection S-%1, started by %2, %3</source>
        <translation>Auswahl S-%1, gestartet von %2, %3</translation>
    </message>
    <message>
        <source>Guards: errors %1 (stops at %2) · throttled %3 (holds at %4) · live lag %5 (holds at %6)</source>
        <translation>Wächter: Fehler %1 (stoppt bei %2) · gedrosselt %3 (hält an bei %4) · Live-Verzug %5 (hält an bei %6)</translation>
    </message>
</context>
<context>
    <name>ui::JobsModel</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>Scope</source>
        <translation>Umfang</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Gescheitert</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Ausgelassen</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>Restzeit</translation>
    </message>
    <message>
        <source>Holds and stops</source>
        <translation>Sperren und Stopps</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
</context>
<context>
    <name>ui::LaneView</name>
    <message>
        <source>Lanes of the event</source>
        <translation>Spuren des Ereignisses</translation>
    </message>
</context>
<context>
    <name>ui::ListNotice</name>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Wird gelesen</translation>
    </message>
    <message>
        <source>Copy error details</source>
        <translation>Fehlereinzelheiten kopieren</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel reading</source>
        <translation>Lesen abbrechen</translation>
    </message>
</context>
<context>
    <name>ui::MainWindow</name>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Spillway</source>
        <translation>Spillway</translation>
    </message>
    <message>
        <source>Incident bar</source>
        <translation>Lageleiste</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Page</source>
        <translation>&amp;Seite</translation>
    </message>
    <message>
        <source>&amp;Charts</source>
        <translation>&amp;Diagramme</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farbschema</translation>
    </message>
    <message>
        <source>&amp;Shard</source>
        <translation>S&amp;hard</translation>
    </message>
    <message>
        <source>&amp;DLQ</source>
        <translation>DL&amp;Q</translation>
    </message>
    <message>
        <source>&amp;Replay</source>
        <translation>&amp;Wiederholung</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>LIVE · %1 · Spillway</source>
        <translation>LIVE · %1 · Spillway</translation>
    </message>
    <message>
        <source>%1 · Spillway</source>
        <translation>%1 · Spillway</translation>
    </message>
    <message>
        <source>%1 shards</source>
        <translation>%1 Shards</translation>
    </message>
    <message>
        <source>Pausing retries of %1</source>
        <translation>Neuversuche von %1 werden angehalten</translation>
    </message>
    <message>
        <source>Probing %1</source>
        <translation>%1 wird erprobt</translation>
    </message>
    <message>
        <source>Reading the configuration</source>
        <translation>Konfiguration wird gelesen</translation>
    </message>
    <message>
        <source>Nothing is tuned: every shard runs as configured.</source>
        <translation>Nichts ist eingestellt: Jeder Shard läuft wie konfiguriert.</translation>
    </message>
    <message>
        <source>Revert tuning of %1</source>
        <translation>Einstellungen von %1 zurücknehmen</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation>%1…</translation>
    </message>
    <message>
        <source>%1 failed: %2</source>
        <translation>%1 scheiterte: %2</translation>
    </message>
    <message>
        <source>**%1** %2 since %3 UTC · depth %4 · lag %5 · p95 %6 · errors %7</source>
        <translation>**%1** %2 seit %3 UTC · Schlange %4 · Rückstand %5 · p95 %6 · Fehler %7</translation>
    </message>
    <message>
        <source>Summary of %1 copied</source>
        <translation>Zusammenfassung von %1 kopiert</translation>
    </message>
    <message>
        <source>Delivery stops when this window closes.</source>
        <translation>Die Zustellung endet, wenn dieses Fenster schließt.</translation>
    </message>
    <message>
        <source>Requests in flight: %1, they finish first. Deliveries waiting: %2, they are kept and go on at the next start. Running replay jobs: %3, they resume then.</source>
        <translation>Laufende Anfragen: %1, sie werden erst fertig. Wartende Zustellungen: %2, sie bleiben und gehen beim nächsten Start weiter. Laufende Wiederholungen: %3, sie setzen dann fort.</translation>
    </message>
    <message>
        <source>About Spillway</source>
        <translation>Über Spillway</translation>
    </message>
    <message>
        <source>Spillway %1</source>
        <translation>Spillway %1</translation>
    </message>
    <message>
        <source>Delivery engine and operator console for server-side conversion events.
GPL-3.0-or-later. Built with Qt %1.</source>
        <translation>Zustellmaschine und Leitstand für serverseitige Conversion-Ereignisse.
GPL-3.0-or-later. Gebaut mit Qt %1.</translation>
    </message>
    <message>
        <source>Settings exported to %1</source>
        <translation>Einstellungen nach %1 exportiert</translation>
    </message>
    <message>
        <source>Settings could not be written to %1</source>
        <translation>Einstellungen ließen sich nicht nach %1 schreiben</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>This takes effect at once and is written to the audit.</source>
        <translation>Das wirkt sofort und steht danach im Protokoll.</translation>
    </message>
    <message>
        <source>Drain and quit</source>
        <translation>Auslaufen lassen und beenden</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>Zurück: %1</translation>
    </message>
    <message>
        <source>Switching sale mode on</source>
        <translation>Sale-Modus wird eingeschaltet</translation>
    </message>
    <message>
        <source>Switching sale mode off</source>
        <translation>Sale-Modus wird ausgeschaltet</translation>
    </message>
    <message>
        <source>Last sample %1 ago. The numbers below are old.</source>
        <translation>Letzter Stand vor %1. Die Zahlen darunter sind alt.</translation>
    </message>
</context>
<context>
    <name>ui::MarkerSlider</name>
    <message>
        <source>now %1</source>
        <translation>jetzt %1</translation>
    </message>
    <message>
        <source>configured %1</source>
        <translation>konfiguriert %1</translation>
    </message>
    <message>
        <source>ceiling %1, %2</source>
        <translation>Obergrenze %1, %2</translation>
    </message>
    <message>
        <source>Ceiling %1: %2</source>
        <translation>Obergrenze %1: %2</translation>
    </message>
    <message>
        <source>Configured: %1</source>
        <translation>Konfiguriert: %1</translation>
    </message>
    <message>
        <source>In force now: %1</source>
        <translation>Gilt jetzt: %1</translation>
    </message>
</context>
<context>
    <name>ui::MetricPanel</name>
    <message>
        <source>%1, %2 to %3</source>
        <translation>%1, %2 bis %3</translation>
    </message>
    <message>
        <source>%1, last %2</source>
        <translation>%1, letzte %2</translation>
    </message>
    <message>
        <source>No samples yet, first in 1 s.</source>
        <translation>Noch keine Messwerte, die ersten in 1 s.</translation>
    </message>
    <message>
        <source>No samples in this range.</source>
        <translation>Keine Messwerte in diesem Bereich.</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>vor %1</translation>
    </message>
    <message>
        <source>%1  with throttled</source>
        <translation>%1  mit Gedrosselten</translation>
    </message>
    <message>
        <source>steady</source>
        <translation>gleichbleibend</translation>
    </message>
    <message>
        <source>rising %1 % per minute</source>
        <translation>steigt %1 % je Minute</translation>
    </message>
    <message>
        <source>falling %1 % per minute</source>
        <translation>fällt %1 % je Minute</translation>
    </message>
</context>
<context>
    <name>ui::NavRail</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>%1 (Ctrl+%2)</source>
        <translation>%1 (Strg+%2)</translation>
    </message>
</context>
<context>
    <name>ui::NewBanner</name>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Load new dead letters</source>
        <translation>Neue unzustellbare laden</translation>
    </message>
    <message>
        <source>%1 new since %2</source>
        <translation>%1 neue seit %2</translation>
    </message>
    <message>
        <source>%1 new since %2, not all of them may match</source>
        <translation>%1 neue seit %2, vielleicht passen nicht alle</translation>
    </message>
</context>
<context>
    <name>ui::NotificationPage</name>
    <message>
        <source>&amp;When a shard gets critical</source>
        <translation>&amp;Wenn ein Shard kritisch wird</translation>
    </message>
    <message>
        <source>Ask for attention in the taskbar</source>
        <translation>In der Taskleiste um Aufmerksamkeit bitten</translation>
    </message>
    <message>
        <source>Say it in the window only</source>
        <translation>Nur im Fenster sagen</translation>
    </message>
    <message>
        <source>Critical is: failing, credential refused, or circuit open. The taskbar asks only while no window of Spillway is active, and not twice within five seconds. Screen readers are told in either case.</source>
        <translation>Kritisch ist: scheitert, Zugang abgelehnt oder Kreis offen. Die Taskleiste bittet nur, solange kein Fenster von Spillway aktiv ist, und nicht zweimal in fünf Sekunden. Bildschirmleser erfahren es in jedem Fall.</translation>
    </message>
</context>
<context>
    <name>ui::OrphanBar</name>
    <message>
        <source>%1 deliveries wait for “%2”, which is not in the configuration. Put it back under the same name and they go on; or move them to the dead letters.</source>
        <translation>%1 Zustellungen warten auf „%2“, das nicht in der Konfiguration steht. Kommt es unter demselben Namen wieder hinein, gehen sie weiter; oder sie lassen sich zu den unzustellbaren verschieben.</translation>
    </message>
    <message>
        <source>Move %1 to the DLQ</source>
        <translation>%1 in die DLQ verschieben</translation>
    </message>
    <message>
        <source>Moving…</source>
        <translation>Wird verschoben…</translation>
    </message>
    <message>
        <source>Not moved: %1</source>
        <translation>Nicht verschoben: %1</translation>
    </message>
</context>
<context>
    <name>ui::OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <source>Waiting for the engine&apos;s first sample…</source>
        <translation>Wartet auf den ersten Stand der Maschine…</translation>
    </message>
    <message>
        <source>0 of %1 shards match</source>
        <translation>0 von %1 Shards passen</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <source>Frozen at %1 · %2 behind · Space goes on</source>
        <translation>Eingefroren um %1 · %2 zurück · Leertaste setzt fort</translation>
    </message>
    <message>
        <source>Four shards are pinned already. Unpin one first (Esc: all).</source>
        <translation>Vier Shards sind schon angeheftet. Erst einen lösen (Esc: alle).</translation>
    </message>
    <message numerus="yes">
        <source>Export %n shown row(s)</source>
        <translation>
            <numerusform>%n gezeigte Zeile exportieren</numerusform>
            <numerusform>%n gezeigte Zeilen exportieren</numerusform>
        </translation>
    </message>
    <message>
        <source>The trends could not be read: %1</source>
        <translation>Die Verläufe waren nicht zu lesen: %1</translation>
    </message>
</context>
<context>
    <name>ui::OverviewToolbar</name>
    <message>
        <source>Filter shards</source>
        <translation>Shards filtern</translation>
    </message>
    <message>
        <source>Filter shards: meta state:throttled lag&gt;60s</source>
        <translation>Shards filtern: meta state:throttled lag&gt;60s</translation>
    </message>
    <message>
        <source>Words match the shard. Also state:, dest:, flag:, and lag&gt;60s, depth&gt;1k, err&gt;=2, p95&gt;800, dlq&gt;0 (Ctrl+F)</source>
        <translation>Wörter treffen den Shard. Auch state:, dest:, flag: sowie lag&gt;60s, depth&gt;1k, err&gt;=2, p95&gt;800, dlq&gt;0 (Strg+F)</translation>
    </message>
    <message>
        <source>Show all shards</source>
        <translation>Alle Shards zeigen</translation>
    </message>
    <message>
        <source>Show shards that need attention</source>
        <translation>Shards zeigen, die Aufmerksamkeit brauchen</translation>
    </message>
    <message>
        <source>Show paused shards</source>
        <translation>Angehaltene Shards zeigen</translation>
    </message>
    <message>
        <source>Group shards by destination (G)</source>
        <translation>Shards nach Ziel gruppieren (G)</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppieren</translation>
    </message>
    <message>
        <source>The order has changed: sort now (R)</source>
        <translation>Die Ordnung hat sich geändert: jetzt sortieren (R)</translation>
    </message>
    <message>
        <source>Order changed · R</source>
        <translation>Ordnung geändert · R</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>Alle %1</translation>
    </message>
    <message>
        <source>Attention %1</source>
        <translation>Auffällig %1</translation>
    </message>
    <message>
        <source>Paused %1</source>
        <translation>Angehalten %1</translation>
    </message>
</context>
<context>
    <name>ui::PaceStep</name>
    <message>
        <source>How much of what live traffic leaves may the replay use?</source>
        <translation>Wie viel von dem, was der laufende Verkehr übrig lässt, darf die Wiederholung nutzen?</translation>
    </message>
    <message>
        <source>&amp;Trickle, 5 %</source>
        <translation>&amp;Tropfend, 5 %</translation>
    </message>
    <message>
        <source>C&amp;areful, 20 %</source>
        <translation>&amp;Vorsichtig, 20 %</translation>
    </message>
    <message>
        <source>&amp;Half, 50 %</source>
        <translation>&amp;Halb, 50 %</translation>
    </message>
    <message>
        <source>&amp;Custom share</source>
        <translation>&amp;Eigener Anteil</translation>
    </message>
    <message>
        <source>Share in percent</source>
        <translation>Anteil in Prozent</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>&amp;Fixed rate</source>
        <translation>&amp;Feste Rate</translation>
    </message>
    <message>
        <source>Records per second</source>
        <translation>Datensätze je Sekunde</translation>
    </message>
    <message>
        <source> records/s</source>
        <translation> Datensätze/s</translation>
    </message>
    <message>
        <source>&amp;Ramp: 1, 10, 100, then full; each step needs 95 % accepted</source>
        <translation>&amp;Anlauf: 1, 10, 100, dann voll; jede Stufe braucht 95 % angenommen</translation>
    </message>
    <message>
        <source>Ramp up</source>
        <translation>Anlauf</translation>
    </message>
    <message>
        <source>%1 events: about %2 without the ramp, if live traffic stays as it is.</source>
        <translation>%1 Ereignisse: ohne Anlauf etwa %2, wenn der laufende Verkehr bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>%1 events. How long it takes cannot be told: a ceiling is unknown, or live traffic leaves nothing.</source>
        <translation>%1 Ereignisse. Wie lange es dauert, lässt sich nicht sagen: Eine Obergrenze ist unbekannt, oder der laufende Verkehr lässt nichts übrig.</translation>
    </message>
    <message>
        <source>Guards</source>
        <translation>Wächter</translation>
    </message>
    <message>
        <source>Stop at this error share</source>
        <translation>Bei diesem Fehleranteil stoppen</translation>
    </message>
    <message>
        <source>Hold at this share of throttled requests</source>
        <translation>Bei diesem Anteil gedrosselter Anfragen anhalten</translation>
    </message>
    <message>
        <source>Hold at this live lag</source>
        <translation>Bei diesem Live-Verzug anhalten</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>nothing was sent yet</source>
        <translation>noch wurde nichts gesendet</translation>
    </message>
    <message>
        <source>It also stops when the first ones fail as they did before. Live events always go first.</source>
        <translation>Sie stoppt auch, wenn die ersten so scheitern wie zuvor. Live-Ereignisse gehen immer vor.</translation>
    </message>
    <message>
        <source>&amp;Stop when this share of the last 200 fails</source>
        <translation>&amp;Stoppen, wenn dieser Anteil der letzten 200 scheitert</translation>
    </message>
    <message>
        <source>H&amp;old while this share of requests is throttled</source>
        <translation>&amp;Anhalten, solange dieser Anteil der Anfragen gedrosselt wird</translation>
    </message>
    <message>
        <source>Ho&amp;ld while live deliveries of a shard are late by</source>
        <translation>A&amp;nhalten, solange Live-Zustellungen eines Shards so spät sind</translation>
    </message>
    <message>
        <source>now %1: it would hold at once</source>
        <translation>jetzt %1: sie hielte sofort an</translation>
    </message>
    <message>
        <source>now %1</source>
        <translation>jetzt %1</translation>
    </message>
    <message>
        <source>How long it takes is told as soon as it is counted.</source>
        <translation>Wie lange es dauert, steht hier, sobald gezählt ist.</translation>
    </message>
</context>
<context>
    <name>ui::PaletteDialog</name>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Command, shard, page or job</source>
        <translation>Befehl, Shard, Seite oder Auftrag</translation>
    </message>
    <message>
        <source>Command or shard    &gt; commands   # shards   @ event   / filter</source>
        <translation>Befehl oder Shard    &gt; Befehle   # Shards   @ Ereignis   / Filter</translation>
    </message>
    <message>
        <source>What matches</source>
        <translation>Was passt</translation>
    </message>
    <message>
        <source>Type or paste an event id</source>
        <translation>Eine Ereignis-ID eintippen oder einfügen</translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>Nichts passt</translation>
    </message>
</context>
<context>
    <name>ui::PaletteEntries</name>
    <message>
        <source>Replay R-%1</source>
        <translation>Wiederholung R-%1</translation>
    </message>
    <message>
        <source>Find event %1</source>
        <translation>Ereignis %1 suchen</translation>
    </message>
    <message>
        <source>Filter shards: %1</source>
        <translation>Shards filtern: %1</translation>
    </message>
    <message>
        <source>Settings: %1</source>
        <translation>Einstellungen: %1</translation>
    </message>
    <message>
        <source>Dead letters: %1</source>
        <translation>Unzustellbare: %1</translation>
    </message>
</context>
<context>
    <name>ui::PanelOverlay</name>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
</context>
<context>
    <name>ui::PanelTableModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
</context>
<context>
    <name>ui::PartList</name>
    <message>
        <source>Will send</source>
        <translation>Wird gesendet</translation>
    </message>
    <message>
        <source>Already accepted</source>
        <translation>Schon angenommen</translation>
    </message>
    <message>
        <source>Superseded</source>
        <translation>Überholt</translation>
    </message>
    <message>
        <source>Payload gone</source>
        <translation>Ohne Nutzdaten</translation>
    </message>
    <message>
        <source>Too old</source>
        <translation>Zu alt</translation>
    </message>
    <message>
        <source>Same error</source>
        <translation>Gleicher Fehler</translation>
    </message>
    <message>
        <source>Outcome unknown</source>
        <translation>Ausgang unbekannt</translation>
    </message>
    <message>
        <source>Part of the preview</source>
        <translation>Teil der Vorschau</translation>
    </message>
    <message>
        <source>Entries of this part</source>
        <translation>Einträge dieses Teils</translation>
    </message>
    <message>
        <source>Event ID</source>
        <translation>Ereignis-ID</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>Shard</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Event time</source>
        <translation>Ereigniszeit</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>Verfällt</translation>
    </message>
    <message>
        <source>Last failure</source>
        <translation>Letzter Fehlschlag</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>Could not be read: %1</source>
        <translation>Nicht lesbar: %1</translation>
    </message>
    <message>
        <source>Oldest event first. Enter looks an event up.</source>
        <translation>Ältestes Ereignis zuerst. Enter schlägt ein Ereignis nach.</translation>
    </message>
    <message>
        <source>The first %1, oldest event first. Enter looks an event up.</source>
        <translation>Die ersten %1, ältestes Ereignis zuerst. Enter schlägt ein Ereignis nach.</translation>
    </message>
</context>
<context>
    <name>ui::PauseSheet</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Cancel pausing</source>
        <translation>Das Anhalten abbrechen</translation>
    </message>
    <message>
        <source>&amp;Delivery and retries</source>
        <translation>&amp;Zustellung und Neuversuche</translation>
    </message>
    <message>
        <source>Pause delivery and retries</source>
        <translation>Zustellung und Neuversuche anhalten</translation>
    </message>
    <message>
        <source>Re&amp;tries only</source>
        <translation>Nur &amp;Neuversuche</translation>
    </message>
    <message>
        <source>Pause retries only</source>
        <translation>Nur Neuversuche anhalten</translation>
    </message>
    <message>
        <source>Pause until</source>
        <translation>Anhalten bis</translation>
    </message>
    <message>
        <source>resumed by hand</source>
        <translation>von Hand fortgesetzt</translation>
    </message>
    <message>
        <source>in 5 min</source>
        <translation>in 5 min</translation>
    </message>
    <message>
        <source>in 15 min</source>
        <translation>in 15 min</translation>
    </message>
    <message>
        <source>in 1 h</source>
        <translation>in 1 h</translation>
    </message>
    <message>
        <source>at a time…</source>
        <translation>zu einer Uhrzeit…</translation>
    </message>
    <message>
        <source>Time at which delivery resumes</source>
        <translation>Uhrzeit, zu der die Zustellung fortsetzt</translation>
    </message>
    <message>
        <source>Note for the audit</source>
        <translation>Notiz für das Protokoll</translation>
    </message>
    <message>
        <source>why, for the next person</source>
        <translation>warum, für die nächste Person</translation>
    </message>
    <message>
        <source>&amp;Until</source>
        <translation>&amp;Bis</translation>
    </message>
    <message>
        <source>&amp;Note</source>
        <translation>No&amp;tiz</translation>
    </message>
    <message>
        <source>Pause %1</source>
        <translation>%1 anhalten</translation>
    </message>
    <message>
        <source>Sent, waiting for the engine…</source>
        <translation>Gesendet, wartet auf die Maschine…</translation>
    </message>
    <message>
        <source>Not paused: %1</source>
        <translation>Nicht angehalten: %1</translation>
    </message>
    <message>
        <source>all %1</source>
        <comment>5 destinations</comment>
        <translation>alle %1</translation>
    </message>
    <message>
        <source>why: needed at safety level Guarded</source>
        <translation>warum: auf der Stufe „Guarded“ nötig</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
</context>
<context>
    <name>ui::PreviewStep</name>
    <message>
        <source>Recount</source>
        <translation>Neu zählen</translation>
    </message>
    <message>
        <source>Count again with what is there now</source>
        <translation>Noch einmal zählen, was jetzt da ist</translation>
    </message>
    <message>
        <source>Matched</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Everything the window holds; the parts beside it add up to it</source>
        <translation>Alles im Zeitraum; die Teile daneben ergeben es zusammen</translation>
    </message>
    <message>
        <source>Will send</source>
        <translation>Wird gesendet</translation>
    </message>
    <message>
        <source>The platform has accepted the same event meanwhile</source>
        <translation>Die Plattform hat dasselbe Ereignis inzwischen angenommen</translation>
    </message>
    <message>
        <source>Superseded</source>
        <translation>Überholt</translation>
    </message>
    <message>
        <source>A later record of the same person was accepted; the old one would overwrite it</source>
        <translation>Ein späterer Datensatz derselben Person wurde angenommen; der alte würde ihn überschreiben</translation>
    </message>
    <message>
        <source>Payload gone</source>
        <translation>Ohne Nutzdaten</translation>
    </message>
    <message>
        <source>Retention has removed the event</source>
        <translation>Die Aufbewahrungsfrist hat das Ereignis entfernt</translation>
    </message>
    <message>
        <source>Too old</source>
        <translation>Zu alt</translation>
    </message>
    <message>
        <source>Older than the platform takes, now or when its turn would come</source>
        <translation>Älter, als die Plattform annimmt, jetzt oder wenn es an der Reihe wäre</translation>
    </message>
    <message>
        <source>Same error</source>
        <translation>Gleicher Fehler</translation>
    </message>
    <message>
        <source>Encoded as today it failed already: it would fail again</source>
        <translation>Heutig kodiert ist es schon gescheitert: Es würde wieder scheitern</translation>
    </message>
    <message>
        <source>Sent, but no answer came: the platform may have it</source>
        <translation>Gesendet, aber es kam keine Antwort: Die Plattform kann es haben</translation>
    </message>
    <message>
        <source>Preview by shard</source>
        <translation>Vorschau je Shard</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>Shard</translation>
    </message>
    <message>
        <source>Oldest event</source>
        <translation>Ältestes Ereignis</translation>
    </message>
    <message>
        <source>Quota</source>
        <translation>Kontingent</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>The parts do not add up to what matched. Recount before going on.</source>
        <translation>Die Teile ergeben nicht die Treffer. Vor dem Weitergehen neu zählen.</translation>
    </message>
    <message>
        <source>Send the %1 with an unknown outcome too: safe only where the platform recognises duplicates</source>
        <translation>Auch die %1 mit unbekanntem Ausgang senden: sicher nur, wo die Plattform Doppelte erkennt</translation>
    </message>
    <message>
        <source>Try the %1 that failed with today&apos;s encoder too</source>
        <translation>Auch die %1 versuchen, die mit der heutigen Kodierung scheiterten</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>What the preview found</source>
        <translation>Was die Vorschau fand</translation>
    </message>
    <message>
        <source>By shard</source>
        <translation>Je Shard</translation>
    </message>
    <message>
        <source>Samples: before and now</source>
        <translation>Beispiele: vorher und jetzt</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>Einträge</translation>
    </message>
    <message>
        <source>What the job would send</source>
        <translation>Was der Auftrag senden würde</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>View: %1</source>
        <translation>Ansehen: %1</translation>
    </message>
    <message>
        <source>Selection S-%1, frozen %2. What fails after that is not in it. Kept unchanged: event_id, event_time, payload.</source>
        <translation>Auswahl S-%1, eingefroren %2. Was danach scheitert, ist nicht darin. Unverändert bleiben: event_id, event_time, Nutzdaten.</translation>
    </message>
    <message>
        <source>Share of the tightest limit that is counted over an hour or longer</source>
        <translation>Anteil am engsten Limit, das über eine Stunde oder länger zählt</translation>
    </message>
    <message>
        <source>At the pace that the preview reckoned with, without the ramp</source>
        <translation>Im Tempo, mit dem die Vorschau rechnete, ohne den Anlauf</translation>
    </message>
    <message>
        <source>Counting what the window holds. The pace can be chosen meanwhile; nothing can be started before the count is exact.</source>
        <translation>Der Inhalt des Fensters wird gezählt. Das Tempo lässt sich inzwischen wählen; gestartet wird erst, wenn genau gezählt ist.</translation>
    </message>
    <message>
        <source>≥ %1, counting…</source>
        <translation>≥ %1, wird gezählt…</translation>
    </message>
</context>
<context>
    <name>ui::Privacy</name>
    <message>
        <source>A reason is needed; the audit keeps it.</source>
        <translation>Ein Grund ist nötig; das Protokoll bewahrt ihn auf.</translation>
    </message>
    <message>
        <source>Show personal data</source>
        <translation>Personenbezogenes zeigen</translation>
    </message>
    <message>
        <source>Payloads will show it for 10 minutes; copies and exports stay masked.
Why do you need it? The audit keeps the reason.</source>
        <translation>Nutzdaten zeigen es 10 Minuten lang; Kopien und Exporte bleiben verdeckt.
Wozu ist es nötig? Das Protokoll bewahrt den Grund auf.</translation>
    </message>
    <message>
        <source>Show for 10 minutes</source>
        <translation>10 Minuten zeigen</translation>
    </message>
</context>
<context>
    <name>ui::PrivacyBar</name>
    <message>
        <source>Mask again</source>
        <translation>Wieder verdecken</translation>
    </message>
    <message>
        <source>Mask personal data again</source>
        <translation>Personenbezogenes wieder verdecken</translation>
    </message>
    <message>
        <source>Personal data in payloads is shown in clear for %1 more.</source>
        <translation>Personenbezogenes in Nutzdaten ist noch %1 lang offen zu sehen.</translation>
    </message>
</context>
<context>
    <name>ui::PrivacyPage</name>
    <message>
        <source>&amp;Show for 10 minutes</source>
        <translation>10 Minuten &amp;zeigen</translation>
    </message>
    <message>
        <source>&amp;Mask again</source>
        <translation>Wieder &amp;verdecken</translation>
    </message>
    <message>
        <source>Payloads, requests and answers are shown with these taken out, and so are copies, exports and what is logged:</source>
        <translation>Nutzdaten, Anfragen und Antworten werden ohne dies gezeigt, ebenso Kopien, Exporte und was mitgeschrieben wird:</translation>
    </message>
    <message>
        <source>E-mail addresses</source>
        <translation>E-Mail-Adressen</translation>
    </message>
    <message>
        <source>by the field&apos;s name and wherever one stands in a text</source>
        <translation>nach dem Namen des Feldes und wo immer eine in einem Text steht</translation>
    </message>
    <message>
        <source>Telephone numbers</source>
        <translation>Telefonnummern</translation>
    </message>
    <message>
        <source>by the field&apos;s name, and with a leading + in any text</source>
        <translation>nach dem Namen des Feldes und mit führendem + in jedem Text</translation>
    </message>
    <message>
        <source>IP addresses</source>
        <translation>IP-Adressen</translation>
    </message>
    <message>
        <source>Keys and tokens</source>
        <translation>Schlüssel und Token</translation>
    </message>
    <message>
        <source>always, also while personal data is shown</source>
        <translation>immer, auch während Personenbezogenes gezeigt wird</translation>
    </message>
    <message>
        <source>To find a fault you may have to see the values. They are then shown in payloads for ten minutes, on this screen alone; copies and exports stay masked. Your reason goes to the audit.</source>
        <translation>Um einen Fehler zu finden, muss man die Werte manchmal sehen. Dann stehen sie zehn Minuten lang in den Nutzdaten, nur auf diesem Bildschirm; Kopien und Exporte bleiben verdeckt. Ihr Grund kommt ins Protokoll.</translation>
    </message>
    <message>
        <source>Reason for showing personal data</source>
        <translation>Grund, Personenbezogenes zu zeigen</translation>
    </message>
    <message>
        <source>Show personal data for 10 minutes</source>
        <translation>Personenbezogenes 10 Minuten zeigen</translation>
    </message>
    <message>
        <source>Mask personal data again</source>
        <translation>Personenbezogenes wieder verdecken</translation>
    </message>
    <message>
        <source>&amp;Reason</source>
        <translation>&amp;Grund</translation>
    </message>
    <message>
        <source>Not shown: %1</source>
        <translation>Nicht gezeigt: %1</translation>
    </message>
    <message>
        <source>Write the reason first</source>
        <translation>Erst den Grund schreiben</translation>
    </message>
    <message>
        <source>Shown for %1 more.</source>
        <translation>Noch %1 lang zu sehen.</translation>
    </message>
    <message>
        <source>Everything is masked.</source>
        <translation>Alles ist verdeckt.</translation>
    </message>
    <message>
        <source>Names, places, dates of birth, gender</source>
        <translation>Namen, Orte, Geburtsdaten, Geschlecht</translation>
    </message>
    <message>
        <source>by the field&apos;s name</source>
        <translation>am Namen des Feldes</translation>
    </message>
    <message>
        <source>External ids, ids of devices</source>
        <translation>Externe Kennungen, Kennungen von Geräten</translation>
    </message>
</context>
<context>
    <name>ui::ProfilePage</name>
    <message>
        <source>Practice</source>
        <translation>Practice</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Guarded</source>
        <translation>Guarded</translation>
    </message>
    <message>
        <source>Observe</source>
        <translation>Observe</translation>
    </message>
    <message>
        <source>The profile and its level stand in the configuration file, which is read again within two seconds: [profile] with name, kind, safety and above_ceiling. Whoever may write that file decides; no window can lower its own guard.</source>
        <translation>Profil und Stufe stehen in der Konfigurationsdatei, die binnen zwei Sekunden neu gelesen wird: [profile] mit name, kind, safety und above_ceiling. Wer diese Datei schreiben darf, entscheidet; kein Fenster kann die eigene Sicherung senken.</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Safety level</source>
        <translation>Sicherheitsstufe</translation>
    </message>
    <message>
        <source>Above a ceiling</source>
        <translation>Über einer Obergrenze</translation>
    </message>
    <message>
        <source>allowed, after a warning</source>
        <translation>erlaubt, nach einer Warnung</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>nicht erlaubt</translation>
    </message>
    <message>
        <source>Configuration file</source>
        <translation>Konfigurationsdatei</translation>
    </message>
    <message>
        <source>Takes events at</source>
        <translation>Nimmt Ereignisse an unter</translation>
    </message>
    <message>
        <source>Control address</source>
        <translation>Steueradresse</translation>
    </message>
    <message>
        <source>What each level asks:</source>
        <translation>Was jede Stufe verlangt:</translation>
    </message>
    <message>
        <source>Nothing can be changed: every such button is off and says so.</source>
        <translation>Nichts lässt sich ändern: Jeder solche Knopf ist aus und sagt es.</translation>
    </message>
    <message>
        <source>Nearly everything happens at once; undo takes it back.</source>
        <translation>Fast alles geschieht sofort; es lässt sich zurücknehmen.</translation>
    </message>
    <message>
        <source>Pausing everything and resuming a long queue say first what they mean.</source>
        <translation>Alles anzuhalten und eine lange Warteschlange fortzusetzen sagt vorher, was es bedeutet.</translation>
    </message>
    <message>
        <source>For live traffic. Tuning is a trial of 10 minutes, every pause says first what it means, replays and purges want a reason and the count typed in.</source>
        <translation>Für echten Verkehr. Jede Einstellung ist eine Probe von 10 Minuten, jedes Anhalten sagt vorher, was es bedeutet, Wiederholungen und endgültiges Entfernen wollen einen Grund und die eingetippte Anzahl.</translation>
    </message>
</context>
<context>
    <name>ui::PurgeBar</name>
    <message>
        <source>Number of entries to remove</source>
        <translation>Zahl der zu entfernenden Einträge</translation>
    </message>
    <message>
        <source>Reason for removing them</source>
        <translation>Grund für das Entfernen</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Einträge behalten</translation>
    </message>
    <message>
        <source>Up to %1 archived entries are removed for good; those archived for less than seven days stay. This cannot be undone. Type the number:</source>
        <translation>Bis zu %1 archivierte Einträge werden endgültig entfernt; die seit weniger als sieben Tagen archivierten bleiben. Das lässt sich nicht rückgängig machen. Die Zahl eintippen:</translation>
    </message>
    <message>
        <source>Purge %1</source>
        <translation>%1 endgültig entfernen</translation>
    </message>
</context>
<context>
    <name>ui::RawMetricsModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
</context>
<context>
    <name>ui::ReplayPage</name>
    <message>
        <source>Replay</source>
        <translation>Wiederholung</translation>
    </message>
    <message>
        <source>Steps of the replay</source>
        <translation>Schritte der Wiederholung</translation>
    </message>
    <message>
        <source>1  Window</source>
        <translation>1  Zeitraum</translation>
    </message>
    <message>
        <source>2  Preview</source>
        <translation>2  Vorschau</translation>
    </message>
    <message>
        <source>3  Pace</source>
        <translation>3  Tempo</translation>
    </message>
    <message>
        <source>4  Confirm</source>
        <translation>4  Bestätigen</translation>
    </message>
    <message>
        <source>5  Live</source>
        <translation>5  Läuft</translation>
    </message>
    <message>
        <source>6  Report</source>
        <translation>6  Bericht</translation>
    </message>
    <message>
        <source>New replay</source>
        <translation>Neue Wiederholung</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Replay jobs</source>
        <translation>Wiederholungsaufträge</translation>
    </message>
    <message>
        <source>No replays yet. Choose failures in the dead letters or a window on a chart.</source>
        <translation>Noch keine Wiederholungen. Gescheiterte bei den unzustellbaren oder einen Zeitraum in einem Diagramm wählen.</translation>
    </message>
    <message>
        <source>Open dead letters</source>
        <translation>Unzustellbare öffnen</translation>
    </message>
    <message>
        <source>Next: pace</source>
        <translation>Weiter: Tempo</translation>
    </message>
    <message>
        <source>Next: confirm</source>
        <translation>Weiter: bestätigen</translation>
    </message>
    <message>
        <source>Could not be counted: %1</source>
        <translation>Ließ sich nicht zählen: %1</translation>
    </message>
    <message>
        <source>Nothing matches: no dead letter lies in this window.</source>
        <translation>Nichts passt: In diesem Zeitraum liegt nichts Unzustellbares.</translation>
    </message>
    <message>
        <source>Not started, nothing was sent twice. %1</source>
        <translation>Nicht begonnen, nichts wurde doppelt gesendet. %1</translation>
    </message>
    <message>
        <source>Not started: %1</source>
        <translation>Nicht begonnen: %1</translation>
    </message>
    <message>
        <source>The selection of this draft has expired. Preview again.</source>
        <translation>Die Auswahl dieses Entwurfs ist abgelaufen. Erneut in die Vorschau gehen.</translation>
    </message>
    <message>
        <source>The replay and its report</source>
        <translation>Die Wiederholung und ihr Bericht</translation>
    </message>
    <message>
        <source>As soon as it is counted: ≥ %1 by now</source>
        <translation>Sobald gezählt ist: bisher ≥ %1</translation>
    </message>
    <message>
        <source>Export the list of replays</source>
        <translation>Liste der Wiederholungen exportieren</translation>
    </message>
</context>
<context>
    <name>ui::ReportPanel</name>
    <message>
        <source>Samples of what failed again</source>
        <translation>Beispiele dessen, was wieder scheiterte</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Event ID</source>
        <translation>Ereignis-ID</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>Shard</translation>
    </message>
    <message>
        <source>HTTP</source>
        <translation>HTTP</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Replay the failed ones…</source>
        <translation>Die gescheiterten wiederholen…</translation>
    </message>
    <message>
        <source>Export report…</source>
        <translation>Bericht exportieren…</translation>
    </message>
    <message>
        <source>As a page to read (HTML) or as JSON; personal data masked</source>
        <translation>Als Seite zum Lesen (HTML) oder als JSON; personenbezogene Daten verdeckt</translation>
    </message>
    <message>
        <source>Audit of this job</source>
        <translation>Protokoll dieses Auftrags</translation>
    </message>
    <message>
        <source>%1 of the cancelled ones were taken back out of the lane.</source>
        <translation>%1 der abgebrochenen wurden wieder aus der Spur genommen.</translation>
    </message>
    <message>
        <source>%1 failed with the error that they had before.</source>
        <translation>%1 scheiterten mit demselben Fehler wie zuvor.</translation>
    </message>
    <message>
        <source>What failed is in the dead letters again, with its new error.</source>
        <translation>Was scheiterte, liegt mit dem neuen Fehler wieder bei den unzustellbaren.</translation>
    </message>
    <message>
        <source>Export the report</source>
        <translation>Den Bericht exportieren</translation>
    </message>
    <message>
        <source>Page to read (*.html)</source>
        <translation>Seite zum Lesen (*.html)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Report written to %1</source>
        <translation>Bericht nach %1 geschrieben</translation>
    </message>
    <message>
        <source>Report not written: %1</source>
        <translation>Bericht nicht geschrieben: %1</translation>
    </message>
</context>
<context>
    <name>ui::RequestsTab</name>
    <message>
        <source>Lost, unknown</source>
        <translation>Verloren, unbekannt</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>HTTP</source>
        <translation>HTTP</translation>
    </message>
    <message>
        <source>Records</source>
        <translation>Datensätze</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>Shard</translation>
    </message>
    <message>
        <source>Answer of a failed one</source>
        <translation>Antwort einer gescheiterten</translation>
    </message>
    <message>
        <source>Newest requests of this range</source>
        <translation>Neueste Anfragen dieses Zeitraums</translation>
    </message>
    <message>
        <source>Reading requests…</source>
        <translation>Anfragen werden gelesen…</translation>
    </message>
    <message>
        <source>No request of this shard ended in this range.</source>
        <translation>In diesem Zeitraum endete keine Anfrage dieses Shards.</translation>
    </message>
    <message>
        <source>Requests could not be read: %1</source>
        <translation>Anfragen waren nicht zu lesen: %1</translation>
    </message>
</context>
<context>
    <name>ui::RetentionPage</name>
    <message>
        <source>How long things are kept stands in the configuration file under [retention]. What waits and dead letters that are not archived are never removed.</source>
        <translation>Wie lange etwas aufbewahrt wird, steht in der Konfigurationsdatei unter [retention]. Was wartet und Unzustellbare, die nicht archiviert sind, werden nie entfernt.</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>%1 after their last delivery</source>
        <translation>%1 nach ihrer letzten Zustellung</translation>
    </message>
    <message>
        <source>Archived dead letters</source>
        <translation>Archivierte Unzustellbare</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Ids against duplicates</source>
        <translation>IDs gegen Doppeltes</translation>
    </message>
    <message>
        <source>Largest journal</source>
        <translation>Größtes Journal</translation>
    </message>
    <message>
        <source>no limit but the disk</source>
        <translation>keine Grenze außer der Platte</translation>
    </message>
    <message>
        <source>Now:</source>
        <translation>Jetzt:</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Free on disk</source>
        <translation>Frei auf der Platte</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Events kept</source>
        <translation>Aufbewahrte Ereignisse</translation>
    </message>
    <message>
        <source>Deliveries waiting</source>
        <translation>Wartende Zustellungen</translation>
    </message>
    <message>
        <source>Dead letters</source>
        <translation>Unzustellbare</translation>
    </message>
    <message>
        <source>Removed by retention</source>
        <translation>Nach Ablauf entfernt</translation>
    </message>
    <message>
        <source>%1 since the engine started</source>
        <translation>%1 seit dem Start der Maschine</translation>
    </message>
</context>
<context>
    <name>ui::RowList</name>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Show the entries of all groups</source>
        <translation>Die Einträge aller Gruppen zeigen</translation>
    </message>
    <message>
        <source>%1 entries of %2</source>
        <translation>%1 Einträge von %2</translation>
    </message>
    <message>
        <source>Dead letters could not be read: %1</source>
        <translation>Unzustellbare waren nicht lesbar: %1</translation>
    </message>
    <message>
        <source>Reading dead letters…</source>
        <translation>Unzustellbare werden gelesen…</translation>
    </message>
    <message>
        <source>No dead letters. Good.</source>
        <translation>Nichts Unzustellbares. Gut.</translation>
    </message>
    <message>
        <source>0 of %1 match.</source>
        <translation>0 von %1 passen.</translation>
    </message>
    <message>
        <source>Cancelled. What stands below is the list before.</source>
        <translation>Abgebrochen. Darunter steht die Liste von vorher.</translation>
    </message>
</context>
<context>
    <name>ui::SampleView</name>
    <message>
        <source>As it went before</source>
        <translation>Wie es zuvor ging</translation>
    </message>
    <message>
        <source>As it would go now</source>
        <translation>Wie es jetzt ginge</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>Beispiel</translation>
    </message>
    <message>
        <source>Differences between the two</source>
        <translation>Unterschiede zwischen beiden</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Reading samples…</source>
        <translation>Beispiele werden gelesen…</translation>
    </message>
    <message>
        <source>Samples could not be read: %1</source>
        <translation>Die Beispiele waren nicht lesbar: %1</translation>
    </message>
    <message>
        <source>Nothing of it would be sent: there is no sample.</source>
        <translation>Nichts davon würde gesendet: es gibt kein Beispiel.</translation>
    </message>
    <message>
        <source>Nothing was sent of it, or it is kept no longer.</source>
        <translation>Davon wurde nichts gesendet, oder es wird nicht mehr aufbewahrt.</translation>
    </message>
    <message>
        <source>by %1</source>
        <translation>von %1</translation>
    </message>
    <message>
        <source>by %1, before by %2</source>
        <translation>von %1, zuvor von %2</translation>
    </message>
    <message>
        <source>Would be refused before sending: %1 (%2)</source>
        <translation>Würde vor dem Senden abgelehnt: %1 (%2)</translation>
    </message>
    <message>
        <source>Goes for the first time (%1).</source>
        <translation>Geht zum ersten Mal hinaus (%1).</translation>
    </message>
    <message>
        <source>Identical except the attempt&apos;s headers (%1).</source>
        <translation>Gleich bis auf die Kopfzeilen des Versuchs (%1).</translation>
    </message>
    <message numerus="yes">
        <source>%n field(s) differ (%1).</source>
        <translation>
            <numerusform>%n Feld ist anders (%1).</numerusform>
            <numerusform>%n Felder sind anders (%1).</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::SavedFilters</name>
    <message>
        <source>Saved</source>
        <translation>Gespeicherte</translation>
    </message>
    <message>
        <source>Saved filters</source>
        <translation>Gespeicherte Filter</translation>
    </message>
    <message>
        <source>Save this filter</source>
        <translation>Diesen Filter speichern</translation>
    </message>
    <message>
        <source>Forget this filter</source>
        <translation>Diesen Filter vergessen</translation>
    </message>
</context>
<context>
    <name>ui::ScopeActions</name>
    <message>
        <source>Counting…</source>
        <translation>Wird gezählt…</translation>
    </message>
    <message>
        <source>Nothing was changed: %1</source>
        <translation>Nichts wurde geändert: %1</translation>
    </message>
    <message>
        <source>Restoring %1…</source>
        <translation>%1 werden zurückgeholt…</translation>
    </message>
    <message>
        <source>Archiving %1…</source>
        <translation>%1 werden archiviert…</translation>
    </message>
    <message>
        <source>%1 restored.</source>
        <translation>%1 zurückgeholt.</translation>
    </message>
    <message>
        <source>%1 archived.</source>
        <translation>%1 archiviert.</translation>
    </message>
    <message>
        <source>Not undone: %1</source>
        <translation>Nicht rückgängig: %1</translation>
    </message>
    <message>
        <source>Purging…</source>
        <translation>Wird entfernt…</translation>
    </message>
    <message>
        <source>%1 removed for good.</source>
        <translation>%1 endgültig entfernt.</translation>
    </message>
</context>
<context>
    <name>ui::ScopeBar</name>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Export the list to a file</source>
        <translation>Die Liste in eine Datei exportieren</translation>
    </message>
    <message>
        <source>Writes the rows of the filter to JSON Lines or CSV (Ctrl+E)</source>
        <translation>Schreibt die Zeilen des Filters als JSON Lines oder CSV (Strg+E)</translation>
    </message>
    <message>
        <source>Scope</source>
        <translation>Umfang</translation>
    </message>
    <message>
        <source>%1 selected</source>
        <translation>%1 gewählt</translation>
    </message>
    <message>
        <source>group %1</source>
        <translation>Gruppe %1</translation>
    </message>
    <message>
        <source>%1 and more</source>
        <translation>%1 und mehr</translation>
    </message>
    <message>
        <source>all matching %1</source>
        <translation>alle passenden %1</translation>
    </message>
    <message>
        <source>all matching</source>
        <translation>alle passenden</translation>
    </message>
    <message>
        <source>Part of the selection is not read yet. Choose “all matching”.</source>
        <translation>Ein Teil der Auswahl ist noch nicht gelesen. „Alle passenden“ wählen.</translation>
    </message>
    <message>
        <source>Replay %1…</source>
        <translation>%1 wiederholen…</translation>
    </message>
    <message>
        <source>Opens the replay page with this scope; nothing is sent yet (Ctrl+R)</source>
        <translation>Öffnet die Wiederholung mit diesem Umfang; noch wird nichts gesendet (Strg+R)</translation>
    </message>
    <message>
        <source>Restore %1</source>
        <translation>%1 zurückholen</translation>
    </message>
    <message>
        <source>Archive %1</source>
        <translation>%1 archivieren</translation>
    </message>
    <message>
        <source>Brings them back into the list</source>
        <translation>Holt sie in die Liste zurück</translation>
    </message>
    <message>
        <source>Takes exactly these out of the list; Restore brings them back for 30 days (Del)</source>
        <translation>Nimmt genau diese aus der Liste; Zurückholen geht 30 Tage lang (Entf)</translation>
    </message>
</context>
<context>
    <name>ui::SecretDialog</name>
    <message>
        <source>Put a secret into the keychain</source>
        <translation>Ein Geheimnis in den Schlüsselbund legen</translation>
    </message>
    <message>
        <source>Name of the entry</source>
        <translation>Name des Eintrags</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>Geheimnis</translation>
    </message>
    <message>
        <source>&amp;Secret</source>
        <translation>&amp;Geheimnis</translation>
    </message>
    <message>
        <source>An entry of the same name is replaced.</source>
        <translation>Ein Eintrag desselben Namens wird ersetzt.</translation>
    </message>
    <message>
        <source>Put it there</source>
        <translation>Hineinlegen</translation>
    </message>
    <message>
        <source>Asking the keychain…</source>
        <translation>Der Schlüsselbund wird gefragt…</translation>
    </message>
</context>
<context>
    <name>ui::SettingsDialog</name>
    <message>
        <source>&amp;Reset page</source>
        <translation>Seite &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
        <source>Reset this page to its defaults</source>
        <translation>Diese Seite auf die Vorgaben zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Export settings…</source>
        <translation>Einstellungen &amp;exportieren…</translation>
    </message>
    <message>
        <source>Export look, layout and shortcuts to a file</source>
        <translation>Aussehen, Anordnung und Tasten in eine Datei exportieren</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Close the settings</source>
        <translation>Die Einstellungen schließen</translation>
    </message>
    <message>
        <source>Profile and safety</source>
        <translation>Profil und Sicherheit</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>Schwellen</translation>
    </message>
    <message>
        <source>Data and retention</source>
        <translation>Daten und Aufbewahrung</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>Diagramme</translation>
    </message>
    <message>
        <source>Time and units</source>
        <translation>Zeit und Einheiten</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Export settings</source>
        <translation>Einstellungen exportieren</translation>
    </message>
    <message>
        <source>Settings (*.ini)</source>
        <translation>Einstellungen (*.ini)</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Datenschutz</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Hinweise</translation>
    </message>
    <message>
        <source>Tuning</source>
        <translation>Einstellen</translation>
    </message>
</context>
<context>
    <name>ui::ShardFacts</name>
    <message>
        <source>critical</source>
        <translation>kritisch</translation>
    </message>
    <message>
        <source>high</source>
        <translation>hoch</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>mittel</translation>
    </message>
    <message>
        <source>by an operator</source>
        <translation>von einer Person</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>normal</translation>
    </message>
    <message>
        <source>No destinations in this profile. Connect one here, or add [[destination]] to the configuration file; it is read again within two seconds.</source>
        <translation>Keine Ziele in diesem Profil. Hier eines verbinden oder [[destination]] in die Konfigurationsdatei schreiben; sie wird binnen zwei Sekunden neu gelesen.</translation>
    </message>
    <message>
        <source>Ready for a first event: %1. A shard stands here as soon as one has come for it. Send events to %2.</source>
        <comment>names of destinations; an address</comment>
        <translation>Bereit für ein erstes Ereignis: %1. Ein Shard steht hier, sobald eines für ihn gekommen ist. Ereignisse gehen an %2.</translation>
    </message>
    <message>
        <source>Connect a destination to see samples.</source>
        <translation>Ein Ziel verbinden, dann stehen hier Messwerte.</translation>
    </message>
    <message>
        <source>Samples begin with the first event.</source>
        <translation>Messwerte beginnen mit dem ersten Ereignis.</translation>
    </message>
    <message>
        <source>drains in %1</source>
        <translation>in %1 abgearbeitet</translation>
    </message>
    <message>
        <source>not draining, short by %1/s</source>
        <translation>wird nicht kleiner, es fehlen %1/s</translation>
    </message>
</context>
<context>
    <name>ui::ShardFilter</name>
    <message>
        <source>The quotation mark is not closed.</source>
        <translation>Das Anführungszeichen ist nicht geschlossen.</translation>
    </message>
    <message>
        <source>Say what follows “%1:”.</source>
        <translation>Nach „%1:“ fehlt etwas.</translation>
    </message>
    <message>
        <source>“%1:” is not known. Use state:, dest: or flag:.</source>
        <translation>„%1:“ ist nicht bekannt. Es gibt state:, dest: und flag:.</translation>
    </message>
    <message>
        <source>No state is called “%1”. States: %2.</source>
        <translation>Kein Zustand heißt „%1“. Zustände: %2.</translation>
    </message>
    <message>
        <source>No flag is called “%1”. Flags: expiring, tuned, orphaned.</source>
        <translation>Kein Merkmal heißt „%1“. Merkmale: expiring, tuned, orphaned.</translation>
    </message>
    <message>
        <source>a time such as 60s, 5m or 2h</source>
        <translation>eine Zeit wie 60s, 5m oder 2h</translation>
    </message>
    <message>
        <source>a number such as 500, 1k or 2m</source>
        <translation>eine Zahl wie 500, 1k oder 2m</translation>
    </message>
    <message>
        <source>a percentage such as 2 or 2.5%</source>
        <translation>einen Prozentsatz wie 2 oder 2.5%</translation>
    </message>
    <message>
        <source>milliseconds such as 800 or 1.5s</source>
        <translation>Millisekunden wie 800 oder 1.5s</translation>
    </message>
    <message>
        <source>a rate such as 100 or 100/s</source>
        <translation>eine Rate wie 100 oder 100/s</translation>
    </message>
    <message>
        <source>a rate such as 60 or 60/min</source>
        <translation>eine Rate wie 60 oder 60/min</translation>
    </message>
    <message>
        <source>“%1” cannot be compared. Use one of: %2.</source>
        <translation>„%1“ lässt sich nicht vergleichen. Es gibt: %2.</translation>
    </message>
    <message>
        <source>Say what %1 is compared with: %2.</source>
        <translation>Womit soll %1 verglichen werden? Erwartet wird: %2.</translation>
    </message>
    <message>
        <source>“%1” is not a value for %2, which takes %3.</source>
        <translation>„%1“ ist kein Wert für %2; erwartet wird %3.</translation>
    </message>
</context>
<context>
    <name>ui::ShardHeader</name>
    <message>
        <source>Shard shown on this page</source>
        <translation>Auf dieser Seite gezeigter Shard</translation>
    </message>
    <message>
        <source>%1, all shards</source>
        <translation>%1, alle Shards</translation>
    </message>
    <message>
        <source>%1 for %2</source>
        <translation>%1 seit %2</translation>
    </message>
    <message>
        <source> · also %1</source>
        <translation> · auch %1</translation>
    </message>
</context>
<context>
    <name>ui::ShardPage</name>
    <message>
        <source>Charts begin at</source>
        <translation>Diagramme beginnen um</translation>
    </message>
    <message>
        <source>Charts end at</source>
        <translation>Diagramme enden um</translation>
    </message>
    <message>
        <source>&amp;From</source>
        <translation>&amp;Von</translation>
    </message>
    <message>
        <source>t&amp;o</source>
        <comment>from … to</comment>
        <translation>&amp;bis</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Laufend</translation>
    </message>
    <message>
        <source>Follow the newest samples again</source>
        <translation>Wieder den neuesten Messwerten folgen</translation>
    </message>
    <message>
        <source>Charts of this shard</source>
        <translation>Diagramme dieses Shards</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>Shard</translation>
    </message>
    <message>
        <source>The range ends before it begins: nothing changed.</source>
        <translation>Der Bereich endet, bevor er beginnt: nichts geändert.</translation>
    </message>
    <message>
        <source>Waiting for the engine&apos;s first sample…</source>
        <translation>Wartet auf den ersten Stand der Maschine…</translation>
    </message>
    <message>
        <source>Frozen at %1 · %2 behind · Space goes on</source>
        <translation>Eingefroren um %1 · %2 zurück · Leertaste setzt fort</translation>
    </message>
    <message>
        <source>Open the overview</source>
        <translation>Überblick öffnen</translation>
    </message>
</context>
<context>
    <name>ui::ShardTableModel</name>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>Shard</translation>
    </message>
    <message>
        <source>Depth</source>
        <comment>queue depth, short column title</comment>
        <translation>Schlange</translation>
    </message>
    <message>
        <source>15 min</source>
        <comment>trend column</comment>
        <translation>15 min</translation>
    </message>
    <message>
        <source>Lag</source>
        <comment>consumer lag, short column title</comment>
        <translation>Rückstand</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>Err</source>
        <comment>error rate, short column title</comment>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>DLQ/m</source>
        <translation>DLQ/m</translation>
    </message>
    <message>
        <source>In/s</source>
        <translation>Ein/s</translation>
    </message>
    <message>
        <source>Out/s</source>
        <translation>Aus/s</translation>
    </message>
    <message>
        <source>Drain ETA</source>
        <translation>Leer in</translation>
    </message>
    <message>
        <source>Throttle</source>
        <translation>Drosselung</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>Busy</source>
        <comment>workers busy, short column title</comment>
        <translation>Ausgel.</translation>
    </message>
    <message>
        <source>Fill</source>
        <comment>batch fill, short column title</comment>
        <translation>Füllung</translation>
    </message>
    <message>
        <source>DLQ</source>
        <translation>DLQ</translation>
    </message>
    <message>
        <source>Expires in</source>
        <translation>Verfällt in</translation>
    </message>
    <message>
        <source>Conc</source>
        <comment>concurrency, short column title</comment>
        <translation>Gleichz.</translation>
    </message>
    <message>
        <source>Rate/s</source>
        <translation>Rate/s</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Last success</source>
        <translation>Letzter Erfolg</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 since %2</source>
        <translation>%1 seit %2</translation>
    </message>
    <message>
        <source>%1 events waiting</source>
        <translation>%1 Ereignisse warten</translation>
    </message>
    <message>
        <source>%1 dead letters</source>
        <translation>%1 unzustellbare</translation>
    </message>
    <message>
        <source>Too few samples to say</source>
        <translation>Zu wenige Messwerte für eine Aussage</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>keine Daten</translation>
    </message>
    <message>
        <source>rising</source>
        <translation>steigt</translation>
    </message>
    <message>
        <source>falling</source>
        <translation>fällt</translation>
    </message>
    <message>
        <source>steady</source>
        <translation>gleichbleibend</translation>
    </message>
    <message>
        <source>%1, %2, for %3</source>
        <translation>%1, %2, seit %3</translation>
    </message>
    <message>
        <source>%1 of %2 in trouble</source>
        <translation>%1 von %2 mit Problem</translation>
    </message>
    <message>
        <source>95th percentile of the time from send to last byte, per request, last 60 s</source>
        <translation>95. Perzentil der Zeit vom Senden bis zum letzten Byte, je Anfrage, letzte 60 s</translation>
    </message>
    <message>
        <source>Share of records whose attempt ended in an error, last 60 s</source>
        <translation>Anteil der Datensätze, deren Versuch mit einem Fehler endete, letzte 60 s</translation>
    </message>
    <message numerus="yes">
        <source>%n shard(s)</source>
        <comment>in a destination</comment>
        <translation>
            <numerusform>%n Shard</numerusform>
            <numerusform>%n Shards</numerusform>
        </translation>
    </message>
    <message>
        <source>expires %1</source>
        <comment>in this time</comment>
        <translation>läuft ab in %1</translation>
    </message>
    <message>
        <source>trial %1</source>
        <comment>a time left, 8:12</comment>
        <translation>Probe %1</translation>
    </message>
    <message>
        <source>not configured</source>
        <translation>nicht konfiguriert</translation>
    </message>
    <message>
        <source>replay</source>
        <translation>Wiederholung</translation>
    </message>
    <message>
        <source>tuned</source>
        <comment>values differ from the configuration</comment>
        <translation>angepasst</translation>
    </message>
</context>
<context>
    <name>ui::ShardTableView</name>
    <message>
        <source>Shards and their signals</source>
        <translation>Shards und ihre Signale</translation>
    </message>
    <message>
        <source>Reset columns</source>
        <translation>Spalten zurücksetzen</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>Sortieren nach</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
</context>
<context>
    <name>ui::ShardTabs</name>
    <message>
        <source>Limit</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Anmerkung</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Fingerabdruck</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Anzahl</translation>
    </message>
    <message>
        <source>First</source>
        <translation>Erstes</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>Letztes</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>About this shard</source>
        <translation>Über diesen Shard</translation>
    </message>
    <message>
        <source>Limits and profile</source>
        <translation>Grenzen und Profil</translation>
    </message>
    <message>
        <source>DLQ groups of this range</source>
        <translation>DLQ-Gruppen dieses Bereichs</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>Raw metrics table</source>
        <translation>Messwerte als Tabelle</translation>
    </message>
    <message>
        <source>Reading DLQ groups…</source>
        <translation>DLQ-Gruppen werden gelesen…</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>Nothing of this shard went to the DLQ in this range.</source>
        <translation>In diesem Bereich ging nichts von diesem Shard in die DLQ.</translation>
    </message>
    <message>
        <source>Attempts sample</source>
        <translation>Stichprobe der Versuche</translation>
    </message>
    <message>
        <source>DLQ groups could not be read: %1</source>
        <translation>DLQ-Gruppen waren nicht zu lesen: %1</translation>
    </message>
</context>
<context>
    <name>ui::ShortcutPage</name>
    <message>
        <source>Use &amp;default</source>
        <translation>&amp;Vorgabe nehmen</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>Handlungen und ihre Tasten</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Handlung</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>New keys of the selected action</source>
        <translation>Neue Tasten der gewählten Handlung</translation>
    </message>
    <message>
        <source>Use the default keys of the selected action</source>
        <translation>Die Vorgabe für die gewählte Handlung nehmen</translation>
    </message>
    <message>
        <source>New &amp;keys</source>
        <translation>Neue &amp;Tasten</translation>
    </message>
    <message>
        <source>%1 (conflict)</source>
        <translation>%1 (Streit)</translation>
    </message>
    <message>
        <source>%1 stands for %2: none of them works until one has other keys.</source>
        <translation>%1 steht für %2: Keine davon wirkt, bis eine andere Tasten hat.</translation>
    </message>
</context>
<context>
    <name>ui::SimulatorMenu</name>
    <message>
        <source>S&amp;imulator</source>
        <translation>&amp;Simulator</translation>
    </message>
    <message>
        <source>Seed…</source>
        <translation>Startwert…</translation>
    </message>
    <message>
        <source>Speed %1×</source>
        <translation>Tempo %1×</translation>
    </message>
    <message>
        <source>Simulator</source>
        <translation>Simulator</translation>
    </message>
    <message>
        <source>Play from seed (1 to %1):</source>
        <translation>Mit Startwert abspielen (1 bis %1):</translation>
    </message>
    <message>
        <source>Seed %1…</source>
        <translation>Startwert %1…</translation>
    </message>
    <message>
        <source>First start</source>
        <translation>Erster Start</translation>
    </message>
    <message>
        <source>Calm</source>
        <translation>Ruhig</translation>
    </message>
    <message>
        <source>Black Friday ramp</source>
        <translation>Black-Friday-Anstieg</translation>
    </message>
    <message>
        <source>Meta 613</source>
        <translation>Meta 613</translation>
    </message>
    <message>
        <source>TikTok token expiry</source>
        <translation>TikTok-Token läuft ab</translation>
    </message>
    <message>
        <source>Snap schema regression</source>
        <translation>Schemafehler bei Snap</translation>
    </message>
    <message>
        <source>Google slow</source>
        <translation>Google langsam</translation>
    </message>
    <message>
        <source>Platform outage, 5 min</source>
        <translation>Plattformausfall, 5 min</translation>
    </message>
    <message>
        <source>Clock skew</source>
        <translation>Uhr geht falsch</translation>
    </message>
    <message>
        <source>Everything at once</source>
        <translation>Alles auf einmal</translation>
    </message>
    <message>
        <source>Simulator: %1</source>
        <translation>Simulator: %1</translation>
    </message>
    <message>
        <source>Simulator: speed %1×</source>
        <translation>Simulator: Geschwindigkeit %1×</translation>
    </message>
    <message>
        <source>Simulator: seed %1…</source>
        <translation>Simulator: Startwert %1…</translation>
    </message>
</context>
<context>
    <name>ui::SpanBar</name>
    <message>
        <source>15 min</source>
        <translation>15 min</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 h</translation>
    </message>
    <message>
        <source>6 h</source>
        <translation>6 h</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 h</translation>
    </message>
    <message>
        <source>Charts show the last %1</source>
        <translation>Diagramme zeigen die letzten %1</translation>
    </message>
</context>
<context>
    <name>ui::StartFault</name>
    <message>
        <source>Spillway</source>
        <translation>Spillway</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Copy error details</source>
        <translation>Fehlereinzelheiten kopieren</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>The engine did not start: %1.</source>
        <translation>Die Maschine ist nicht gestartet: %1.</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Noch einmal</translation>
    </message>
</context>
<context>
    <name>ui::StatusLine</name>
    <message>
        <source>frame %1 ms</source>
        <translation>Bild %1 ms</translation>
    </message>
    <message>
        <source>journal %1</source>
        <translation>Journal %1</translation>
    </message>
    <message>
        <source>%1 free on disk</source>
        <translation>%1 frei auf der Platte</translation>
    </message>
    <message>
        <source>Sample %1 old</source>
        <translation>Stand %1 alt</translation>
    </message>
    <message>
        <source>Waiting for the engine</source>
        <translation>Wartet auf die Maschine</translation>
    </message>
    <message>
        <source>F1 help · Space freeze · N next in trouble · Ctrl+K commands</source>
        <translation>F1 Hilfe · Leertaste einfrieren · N nächstes Problem · Strg+K Befehle</translation>
    </message>
</context>
<context>
    <name>ui::TextView</name>
    <message>
        <source>Show all %1</source>
        <translation>Alle %1 zeigen</translation>
    </message>
    <message>
        <source>%1 as a tree</source>
        <translation>%1 als Baum</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Filter by it</source>
        <comment>by the field at the caret</comment>
        <translation>Danach filtern</translation>
    </message>
    <message>
        <source>Finds the dead letters that have this field with this value</source>
        <translation>Findet die unzustellbaren, die dieses Feld mit diesem Wert haben</translation>
    </message>
    <message>
        <source>Long texts</source>
        <translation>Lange Texte</translation>
    </message>
    <message>
        <source>Shows strings of more than %1 characters whole</source>
        <translation>Zeigt Zeichenketten von mehr als %1 Zeichen ganz</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>Baum</translation>
    </message>
    <message>
        <source>Shows the fields as a tree that folds</source>
        <translation>Zeigt die Felder als Baum zum Auf- und Zuklappen</translation>
    </message>
</context>
<context>
    <name>ui::ThresholdPage</name>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>per min</source>
        <translation>je min</translation>
    </message>
    <message>
        <source>×</source>
        <comment>times</comment>
        <translation>×</translation>
    </message>
    <message>
        <source>From these values on the engine calls a shard failing, throttled, late and so on. They hold for all shards, also without a window. A change applies at once, goes to the audit and is kept over restarts; Reset brings back what the configuration file says.</source>
        <translation>Ab diesen Werten nennt die Maschine einen Shard scheiternd, gedrosselt, verspätet und so weiter. Sie gelten für alle Shards, auch ohne Fenster. Eine Änderung wirkt sofort, steht im Protokoll und übersteht Neustarts; „Zurück“ bringt wieder, was die Konfigurationsdatei sagt.</translation>
    </message>
    <message>
        <source>Failing</source>
        <translation>Scheitert</translation>
    </message>
    <message>
        <source>Records with an error, at least</source>
        <translation>Datensätze mit Fehler, mindestens</translation>
    </message>
    <message>
        <source>New dead letters, at least</source>
        <translation>Neue Unzustellbare, mindestens</translation>
    </message>
    <message>
        <source>Attempts without a success, at least</source>
        <translation>Versuche ohne Erfolg, mindestens</translation>
    </message>
    <message>
        <source>Throttled</source>
        <translation>Gedrosselt</translation>
    </message>
    <message>
        <source>Throttled requests, at least</source>
        <translation>Gedrosselte Anfragen, mindestens</translation>
    </message>
    <message>
        <source>Held by the platform for at least</source>
        <translation>Von der Plattform aufgehalten, mindestens</translation>
    </message>
    <message>
        <source>Degraded</source>
        <translation>Beeinträchtigt</translation>
    </message>
    <message>
        <source>Platform p95, at least</source>
        <translation>p95 der Plattform, mindestens</translation>
    </message>
    <message>
        <source>… and at least the day&apos;s median</source>
        <translation>… und mindestens der Tagesmedian</translation>
    </message>
    <message>
        <source>Backlogged</source>
        <translation>Rückstau</translation>
    </message>
    <message>
        <source>Consumer lag, at least</source>
        <translation>Verzug, mindestens</translation>
    </message>
    <message>
        <source>Urgent from a lag of</source>
        <translation>Dringend ab einem Verzug von</translation>
    </message>
    <message>
        <source>Growing queue, work for at least</source>
        <translation>Wachsende Warteschlange, Arbeit für mindestens</translation>
    </message>
    <message>
        <source>… and at least so many events</source>
        <translation>… und mindestens so viele Ereignisse</translation>
    </message>
    <message>
        <source>Recovering and idle</source>
        <translation>Erholt sich und ruht</translation>
    </message>
    <message>
        <source>Shrinking after trouble within the last</source>
        <translation>Schrumpft nach Störung innerhalb der letzten</translation>
    </message>
    <message>
        <source>Idle after silence of</source>
        <translation>Ruht nach Stille von</translation>
    </message>
    <message>
        <source>Leaving a state</source>
        <translation>Einen Zustand verlassen</translation>
    </message>
    <message>
        <source>Below the value times</source>
        <translation>Unter dem Wert mal</translation>
    </message>
    <message>
        <source>for</source>
        <comment>a time</comment>
        <translation>für</translation>
    </message>
    <message>
        <source>%1: for</source>
        <translation>%1: für</translation>
    </message>
    <message>
        <source>Reset</source>
        <comment>one threshold</comment>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Reset %1</source>
        <translation>%1 zurücksetzen</translation>
    </message>
    <message>
        <source>%1 · from %2 · the file says %3, the default is %4</source>
        <translation>%1 · von %2 · die Datei sagt %3, der Standard ist %4</translation>
    </message>
    <message>
        <source>Back to %1</source>
        <translation>Zurück auf %1</translation>
    </message>
    <message>
        <source>“%1” is no value here: %2 %3</source>
        <translation>„%1“ ist hier kein Wert: %2 %3</translation>
    </message>
    <message numerus="yes">
        <source>Would change the state of %n shard(s) now</source>
        <translation>
            <numerusform>Würde jetzt den Zustand von %n Shard ändern</numerusform>
            <numerusform>Würde jetzt den Zustand von %n Shards ändern</numerusform>
        </translation>
    </message>
    <message>
        <source>Every threshold is as configured already.</source>
        <translation>Jede Schwelle ist schon wie konfiguriert.</translation>
    </message>
    <message>
        <source>Sent, waiting for the engine…</source>
        <translation>Gesendet, wartet auf die Maschine…</translation>
    </message>
    <message>
        <source>In force; Revert in the audit takes it back.</source>
        <translation>In Kraft; „Zurücknehmen“ im Protokoll macht es rückgängig.</translation>
    </message>
    <message>
        <source>Not changed: %1</source>
        <translation>Nicht geändert: %1</translation>
    </message>
</context>
<context>
    <name>ui::TimePage</name>
    <message>
        <source>&amp;Times on screen</source>
        <translation>&amp;Zeiten auf dem Schirm</translation>
    </message>
    <message>
        <source>In the zone of this machine</source>
        <translation>In der Zone dieses Rechners</translation>
    </message>
    <message>
        <source>In UTC</source>
        <translation>In UTC</translation>
    </message>
    <message>
        <source>Tooltips, exports and copied values always say UTC. Numbers follow the language of the desktop: %1, %2.</source>
        <translation>Kurzhinweise, Exporte und kopierte Werte sind immer in UTC. Zahlen folgen der Sprache des Schreibtischs: %1, %2.</translation>
    </message>
</context>
<context>
    <name>ui::TrialBar</name>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Revert now</source>
        <translation>Jetzt zurück</translation>
    </message>
    <message>
        <source>Keep the change on trial</source>
        <translation>Die Änderung auf Probe behalten</translation>
    </message>
    <message>
        <source>Revert the change on trial now</source>
        <translation>Die Änderung auf Probe jetzt zurücknehmen</translation>
    </message>
</context>
<context>
    <name>ui::TuningPage</name>
    <message>
        <source>&amp;Apply while dragging</source>
        <translation>Beim &amp;Ziehen anwenden</translation>
    </message>
    <message>
        <source>in the simulator only</source>
        <translation>nur im Simulator</translation>
    </message>
    <message>
        <source>always</source>
        <translation>immer</translation>
    </message>
    <message>
        <source>never: Apply sends</source>
        <translation>nie: Anwenden sendet</translation>
    </message>
    <message>
        <source>A slider that is dragged is then applied four times a second, and one undo takes the whole drag back. What needs a reason or a warning waits for Apply, whatever stands here.</source>
        <translation>Ein Schieber, der gezogen wird, wird dann viermal in der Sekunde angewandt, und ein Rückgängig nimmt den ganzen Zug zurück. Was einen Grund oder eine Warnung braucht, wartet auf Anwenden, was immer hier steht.</translation>
    </message>
</context>
<context>
    <name>ui::TuningPanel</name>
    <message>
        <source>Answered late: %1</source>
        <translation>Spät geantwortet: %1</translation>
    </message>
    <message>
        <source>&amp;Keep for</source>
        <translation>&amp;Gilt für</translation>
    </message>
    <message>
        <source>Keep the change for</source>
        <translation>Die Änderung gilt für</translation>
    </message>
    <message>
        <source>10 min, then revert</source>
        <translation>10 min, dann zurück</translation>
    </message>
    <message>
        <source>1 h, then revert</source>
        <translation>1 h, dann zurück</translation>
    </message>
    <message>
        <source>until changed</source>
        <translation>bis zur Änderung</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>Revert</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Forget what is staged; nothing was sent</source>
        <translation>Vorgemerktes vergessen; nichts wurde gesendet</translation>
    </message>
    <message>
        <source>Revert staged changes</source>
        <translation>Vorgemerkte Änderungen verwerfen</translation>
    </message>
    <message>
        <source>Revert to configured</source>
        <translation>Auf Konfiguriertes zurück</translation>
    </message>
    <message>
        <source>Drops the live changes; the configuration file rules again</source>
        <translation>Verwirft die laufenden Änderungen; die Konfigurationsdatei gilt wieder</translation>
    </message>
    <message>
        <source>Predicted: %1</source>
        <translation>Vorhersage: %1</translation>
    </message>
    <message>
        <source>Tuning</source>
        <translation>Einstellung</translation>
    </message>
    <message>
        <source>Tuning: 1 change staged</source>
        <translation>Einstellung: 1 Änderung vorgemerkt</translation>
    </message>
    <message>
        <source>Tuning: %1 changes staged</source>
        <translation>Einstellung: %1 Änderungen vorgemerkt</translation>
    </message>
    <message>
        <source>Applying…</source>
        <translation>Wird angewendet…</translation>
    </message>
    <message>
        <source>Apply anyway</source>
        <translation>Trotzdem anwenden</translation>
    </message>
    <message>
        <source>Sends what is staged (Ctrl+Enter)</source>
        <translation>Sendet das Vorgemerkte (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>Sent, waiting for the engine…</source>
        <translation>Gesendet, wartet auf die Maschine…</translation>
    </message>
    <message>
        <source>applied anyway: %1</source>
        <translation>trotzdem angewendet: %1</translation>
    </message>
    <message>
        <source>Not applied: %1</source>
        <translation>Nicht angewendet: %1</translation>
    </message>
    <message>
        <source>Reason for the audit</source>
        <translation>Grund für das Protokoll</translation>
    </message>
    <message>
        <source>why: needed at safety level Guarded</source>
        <translation>warum: auf der Stufe „Guarded“ nötig</translation>
    </message>
    <message>
        <source>Predicting…</source>
        <translation>Wird vorhergesagt…</translation>
    </message>
    <message>
        <source>more than %1 shards are not predicted together</source>
        <translation>mehr als %1 Shards werden nicht gemeinsam vorhergesagt</translation>
    </message>
    <message>
        <source>As if it were not held.</source>
        <translation>Als würde er nicht aufgehalten.</translation>
    </message>
    <message>
        <source>Effect unknown: %1.</source>
        <translation>Wirkung unbekannt: %1.</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>rückgängig gemacht</translation>
    </message>
</context>
<context>
    <name>ui::TuningRow</name>
    <message>
        <source>&amp;Rate, requests/s</source>
        <translation>&amp;Rate, Anfragen/s</translation>
    </message>
    <message>
        <source>&amp;Batch size, events</source>
        <translation>&amp;Stapelgröße, Ereignisse</translation>
    </message>
    <message>
        <source>&amp;Concurrency, requests</source>
        <translation>&amp;Gleichzeitigkeit, Anfragen</translation>
    </message>
    <message>
        <source>%1 slider</source>
        <translation>Schieber %1</translation>
    </message>
    <message>
        <source>mixed</source>
        <comment>several different values</comment>
        <translation>verschieden</translation>
    </message>
    <message>
        <source>no cap</source>
        <translation>ohne Begrenzung</translation>
    </message>
    <message>
        <source>%1 shards; staging sets all of them</source>
        <translation>%1 Shards; Vorgemerktes setzt alle</translation>
    </message>
    <message>
        <source>now %1</source>
        <translation>jetzt %1</translation>
    </message>
    <message>
        <source>configured %1</source>
        <translation>konfiguriert %1</translation>
    </message>
    <message>
        <source>ceiling %1 %2</source>
        <comment>number and where it comes from</comment>
        <translation>Obergrenze %1 %2</translation>
    </message>
    <message>
        <source>ceiling unknown</source>
        <translation>Obergrenze unbekannt</translation>
    </message>
    <message>
        <source>%1/s is %2 events/min in batches of %3</source>
        <translation>%1/s sind %2 Ereignisse/min in Stapeln zu %3</translation>
    </message>
</context>
<context>
    <name>ui::UndoBar</name>
    <message>
        <source>Undo (%1 s)</source>
        <translation>Rückgängig (%1 s)</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Takes it back (%1)</source>
        <translation>Nimmt es zurück (%1)</translation>
    </message>
</context>
<context>
    <name>ui::UndoStack</name>
    <message>
        <source>&amp;Undo the newest action</source>
        <translation>Neueste Aktion rückgängig &amp;machen</translation>
    </message>
</context>
<context>
    <name>ui::WindowStep</name>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Preview the replay</source>
        <translation>Vorschau der Wiederholung</translation>
    </message>
    <message>
        <source>Counts what would be sent; sends nothing (Ctrl+Enter)</source>
        <translation>Zählt, was gesendet würde; sendet nichts (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>Destinations and shards</source>
        <translation>Ziele und Shards</translation>
    </message>
    <message>
        <source>Destination, shard</source>
        <translation>Ziel, Shard</translation>
    </message>
    <message>
        <source>Dead letters</source>
        <translation>Unzustellbare</translation>
    </message>
    <message>
        <source>&amp;Where (none ticked: everywhere)</source>
        <translation>W&amp;o (nichts angehakt: überall)</translation>
    </message>
    <message>
        <source>Which time</source>
        <translation>Welche Zeit</translation>
    </message>
    <message>
        <source>at any time</source>
        <translation>jederzeit</translation>
    </message>
    <message>
        <source>last failed between</source>
        <translation>zuletzt gescheitert zwischen</translation>
    </message>
    <message>
        <source>happened between</source>
        <translation>geschehen zwischen</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To, exclusive</source>
        <translation>Bis, ausschließlich</translation>
    </message>
    <message>
        <source>to</source>
        <comment>between two times</comment>
        <translation>bis</translation>
    </message>
    <message>
        <source>15 min</source>
        <translation>15 min</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 h</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 h</translation>
    </message>
    <message>
        <source>The last %1</source>
        <translation>Die letzten %1</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>Ursache</translation>
    </message>
    <message>
        <source>Event name</source>
        <translation>Ereignisname</translation>
    </message>
    <message>
        <source>any, for example Purchase</source>
        <translation>beliebig, zum Beispiel Purchase</translation>
    </message>
    <message>
        <source>More conditions</source>
        <translation>Weitere Bedingungen</translation>
    </message>
    <message>
        <source>for example class:invalid http:400 code:100</source>
        <translation>zum Beispiel class:invalid http:400 code:100</translation>
    </message>
    <message>
        <source>Send delivered events of this window again as well</source>
        <translation>Auch zugestellte Ereignisse dieses Zeitraums noch einmal senden</translation>
    </message>
    <message>
        <source>Only when a platform lost what it had accepted. Platforms that do not know duplicates count them twice.</source>
        <translation>Nur wenn eine Plattform verlor, was sie angenommen hatte. Plattformen, die Doppelte nicht erkennen, zählen sie zweimal.</translation>
    </message>
    <message>
        <source>W&amp;hen</source>
        <translation>&amp;Wann</translation>
    </message>
    <message>
        <source>&amp;Cause</source>
        <translation>U&amp;rsache</translation>
    </message>
    <message>
        <source>&amp;Event name</source>
        <translation>&amp;Ereignisname</translation>
    </message>
    <message>
        <source>&amp;More</source>
        <translation>Me&amp;hr</translation>
    </message>
    <message>
        <source>any cause</source>
        <translation>jede Ursache</translation>
    </message>
    <message>
        <source>Choose the failures to send again. Nothing is sent before you have seen what it would be.</source>
        <translation>Die gescheiterten wählen, die noch einmal gesendet werden. Nichts geht hinaus, bevor Sie gesehen haben, was es wäre.</translation>
    </message>
    <message>
        <source>Chosen in the list: %1. The fields below narrow them down.</source>
        <translation>In der Liste gewählt: %1. Die Felder darunter grenzen ein.</translation>
    </message>
    <message>
        <source>Tick whole destinations or single shards, not both.</source>
        <translation>Ganze Ziele oder einzelne Shards anhaken, nicht beides.</translation>
    </message>
    <message>
        <source>“From” must lie before “to”.</source>
        <translation>„Von“ muss vor „bis“ liegen.</translation>
    </message>
    <message>
        <source>Delivered events can only be sent again for a window: choose from and to.</source>
        <translation>Zugestellte Ereignisse lassen sich nur für einen Zeitraum noch einmal senden: von und bis wählen.</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Wird gezählt…</translation>
    </message>
</context>
</TS>
