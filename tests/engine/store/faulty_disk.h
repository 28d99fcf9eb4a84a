// SQLite's view of the disk with a switch for each fault: nothing may grow any more, a sync fails.
// What is not switched goes to the real file system.
#pragma once

namespace engine::testing {

class FaultyDisk {
public:
    // Once per process, before the first connection: becomes the default of every one after it.
    static void install();

    static void setFull(bool isFull); // files may be written over, not extended
    static void setSyncFailing(bool isFailing);
};

} // namespace engine::testing
