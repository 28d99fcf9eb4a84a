<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Events</name>
    <message numerus="yes">
        <source>%n not routed</source>
        <translation>
            <numerusform>%n not routed</numerusform>
            <numerusform>%n not routed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n deliveries</source>
        <translation>
            <numerusform>%n delivery</numerusform>
            <numerusform>%n deliveries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TableExport</name>
    <message numerus="yes">
        <source>%n row(s) exported to %1</source>
        <translation>
            <numerusform>%n row exported to %1</numerusform>
            <numerusform>%n rows exported to %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ChartDeck</name>
    <message numerus="yes">
        <source>%n row(s) of %1 copied</source>
        <translation>
            <numerusform>%n row of %1 copied</numerusform>
            <numerusform>%n rows of %1 copied</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::DetailPane</name>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::HelpWindow</name>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n page</numerusform>
            <numerusform>%n pages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::OverviewPage</name>
    <message numerus="yes">
        <source>Export %n shown row(s)</source>
        <translation>
            <numerusform>Export %n shown row</numerusform>
            <numerusform>Export %n shown rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::SampleView</name>
    <message numerus="yes">
        <source>%n field(s) differ (%1).</source>
        <translation>
            <numerusform>%n field differs (%1).</numerusform>
            <numerusform>%n fields differ (%1).</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ShardTableModel</name>
    <message numerus="yes">
        <source>%n shard(s)</source>
        <comment>in a destination</comment>
        <translation>
            <numerusform>%n shard</numerusform>
            <numerusform>%n shards</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ThresholdPage</name>
    <message numerus="yes">
        <source>Would change the state of %n shard(s) now</source>
        <translation>
            <numerusform>Would change the state of %n shard now</numerusform>
            <numerusform>Would change the state of %n shards now</numerusform>
        </translation>
    </message>
</context>
</TS>
