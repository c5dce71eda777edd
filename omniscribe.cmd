@echo off
rem Starts Omniscribe on Windows, and builds it first where that has not been done or another commit is checked out.
rem   JAVA_HOME   the Java to use, else the one on the PATH
rem   JAVA_OPTS   more options for it, such as -Xmx4g
rem   OMNISCRIBE_BUILD   options for Maven when it builds, such as -Pgpu
rem Sources changed by hand are not noticed: run "mvn package -DskipTests" after that.
setlocal
set "OS_HOME=%~dp0"
set "OS_TARGET=%OS_HOME%app\target"
set "OS_LOG=%OS_HOME%.cache\build.log"
set "OS_JAVA=java"
if defined JAVA_HOME set "OS_JAVA=%JAVA_HOME%\bin\java"
rem Java 24 and newer warn of how the library that writes ONNX files uses memory; older ones do not know the option.
set "OS_QUIET=--sun-misc-unsafe-memory-access=allow"
"%OS_JAVA%" %OS_QUIET% -version >nul 2>nul && goto java
set "OS_QUIET="
"%OS_JAVA%" -version >nul 2>nul || goto nojava

:java

set "OS_COMMIT=unknown"
for /f %%c in ('git -C "%OS_HOME%." rev-parse HEAD 2^>nul') do set "OS_COMMIT=%%c"
set "OS_BUILT="
if exist "%OS_TARGET%\omniscribe.jar" if exist "%OS_TARGET%\omniscribe.commit" set /p OS_BUILT=<"%OS_TARGET%\omniscribe.commit"
if "%OS_BUILT%"=="%OS_COMMIT%" goto run

where mvn >nul 2>nul || goto nomaven
echo omniscribe: building, once; the first time takes a minute or two>&2
if not exist "%OS_HOME%.cache" mkdir "%OS_HOME%.cache"
if exist "%OS_TARGET%\omniscribe.commit" del "%OS_TARGET%\omniscribe.commit"
call mvn -B -q -f "%OS_HOME%pom.xml" package -Dmaven.test.skip=true -Dspotless.check.skip=true %OMNISCRIBE_BUILD% >"%OS_LOG%" 2>&1 || goto failed
>"%OS_TARGET%\omniscribe.commit" echo %OS_COMMIT%

:run
if "%~1"=="train" goto train
if "%~1"=="experiment" goto train
if "%~1"=="desktop" goto desktop
"%OS_JAVA%" -Dai.djl.offline=true -XX:+UseSerialGC %OS_QUIET% %JAVA_OPTS% -jar "%OS_TARGET%\omniscribe.jar" %*
exit /b %errorlevel%

:train
set "OMP_WAIT_POLICY=PASSIVE"
"%OS_JAVA%" -Dai.djl.offline=true --enable-native-access=ALL-UNNAMED %OS_QUIET% %JAVA_OPTS% -cp "%OS_TARGET%\omniscribe.jar;%OS_TARGET%\lib\pytorch\*" org.omniscribe.app.Main %*
exit /b %errorlevel%

:desktop
"%OS_JAVA%" -Dai.djl.offline=true %OS_QUIET% %JAVA_OPTS% --module-path "%OS_TARGET%\lib\javafx" --add-modules javafx.controls -cp "%OS_TARGET%\omniscribe.jar;%OS_TARGET%\lib\desktop\*" org.omniscribe.app.Main %*
exit /b %errorlevel%

:nojava
echo omniscribe: no Java found: install a JDK 17 or newer, or set JAVA_HOME to one>&2
exit /b 3

:nomaven
echo omniscribe: Maven is missing, which builds Omniscribe on its first run: install it, and put its bin folder on the PATH>&2
exit /b 3

:failed
echo omniscribe: the build failed; all it said is in "%OS_LOG%">&2
exit /b 3
