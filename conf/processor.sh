# Sourced by the scripts that start a JVM with libtorch in it. OpenBLAS up to 0.3.31 takes AMD's family 26 (Zen 5) for one
# without AVX-512 (OpenMathLib/OpenBLAS#6029) and multiplies at half its speed. On your own cluster, source it in spark-env.sh.
if [ -z "${OPENBLAS_CORETYPE:-}" ] && grep -Eqs '^cpu family\s*: 26$' /proc/cpuinfo && grep -qs avx512_bf16 /proc/cpuinfo; then
  export OPENBLAS_CORETYPE=COOPERLAKE
fi
