// Where bench/deidentifier_bench.cc looks for the generator.
#ifndef NYMSTREAM_TESTS_SUPPORT_LOG_GENERATOR_H_
#define NYMSTREAM_TESTS_SUPPORT_LOG_GENERATOR_H_

#include "generate/log_generator.h"  // IWYU pragma: export

#endif  // NYMSTREAM_TESTS_SUPPORT_LOG_GENERATOR_H_
