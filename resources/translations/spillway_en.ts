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
    <name>ui::OverviewPage</name>
    <message numerus="yes">
        <source>%n shard(s) exported</source>
        <translation>
            <numerusform>%n shard exported</numerusform>
            <numerusform>%n shards exported</numerusform>
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
</TS>
