@echo off
rem The local stack on Windows: as "run" beside it.
setlocal
set "ROOT=%~dp0.."
set "JAVA=java"
if defined JAVA_HOME_25 set "JAVA=%JAVA_HOME_25%\bin\java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" "%ROOT%\localstack\launch\Build.java" "%ROOT%" --if-stale || exit /b 1
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=passive"
"%JAVA%" "@%ROOT%\localstack\target\run\java.args" comfyserverless.localstack.LocalMain %*
