// Keeps what is in memory out of core dumps and other processes.
#ifndef NYMSTREAM_FILES_PROCESS_HARDENING_H_
#define NYMSTREAM_FILES_PROCESS_HARDENING_H_

namespace nymstream {

// No core dump (RLIMIT_CORE is 0, hard limit too), and not dumpable, which also
// keeps processes of the same user from ptrace and /proc/PID/mem. Call it first
// in main, before anything is read. False if the system refused.
bool HardenProcess();

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_PROCESS_HARDENING_H_
