using System.ComponentModel;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Worker.Execution;
using Npgsql;

namespace Amnre.Worker.Tests.Execution;

public sealed class FailureClassifierTests
{
    private const int MostErrors = 133; // EHWPOISON is the last of Linux.

    public static TheoryData<Exception, FailureClass> Cases => new()
    {
        { new InputException("mask '=9' of 8 parameters"), FailureClass.User },
        { new InputException("not HDF5", new InvalidDataException("signature")), FailureClass.User },
        { new InputException("cut short", new EndOfStreamException("end")), FailureClass.User },
        { new InputException("not JSON", new System.Text.Json.JsonException("at 3")), FailureClass.User },
        { new InvalidOperationException("a fault of the program"), FailureClass.User },
        { new IOException("No space left on device", 28), FailureClass.Resource },
        { new IOException("Disk quota exceeded", 122), FailureClass.Resource },
        { new OutOfMemoryException(), FailureClass.Resource },
        { new InputException("'x' cannot be read: no memory", new OutOfMemoryException()), FailureClass.Resource },
        { new ExternalException("CUDA out of memory. Tried to allocate 2 GiB\nat c10::…"), FailureClass.Resource },
        { new ExternalException("DefaultCPUAllocator: can't allocate memory"), FailureClass.Resource },
        { new ExternalException("CUDA error: an illegal memory access was encountered\nat c10::…"), FailureClass.Infrastructure },
        { new AggregateException(new InputException("inside")), FailureClass.User },
        { new AggregateException(new InputException("inside"), new IOException("Stale file handle", 116)), FailureClass.Infrastructure },
        { new TypeInitializationException("torch", new DllNotFoundException("libtorch")), FailureClass.Infrastructure },
        { new TargetInvocationException(new IOException("Input/output error", 5)), FailureClass.Infrastructure },
        { new FileNotFoundException("x.h5"), FailureClass.Infrastructure },
        { new NpgsqlException("gone"), FailureClass.Infrastructure },
        { new SocketException((int)SocketError.ConnectionReset), FailureClass.Infrastructure },
        { new InputException("unshare could not be started", new Win32Exception(13)), FailureClass.Infrastructure },
        { new InputException("wrapped twice", new InputException("once", new UnauthorizedAccessException("Permission denied"))),
            FailureClass.Infrastructure },
    };

    public static TheoryData<int> Errors => [.. Enumerable.Range(1, MostErrors)];

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void An_exception_is_charged_to_its_owner(Exception exception, FailureClass owner) =>
        Assert.Equal(owner, FailureClassifier.Classify(exception).Class);

    /// <summary>Whatever the runtime makes of an error of the system, about a file or a folder, alone or in a reader's sentence.</summary>
    [Theory]
    [MemberData(nameof(Errors))]
    public void No_error_of_the_system_is_the_users(int error)
    {
        foreach (var made in new[] { OfRuntime(error, folder: false), OfRuntime(error, folder: true), new Win32Exception(error) })
        {
            // A cancelled call is the canceller's business.
            if (made is OperationCanceledException) continue;
            var owner = error is 12 or 27 or 28 or 122 ? FailureClass.Resource : FailureClass.Infrastructure;
            // What the runtime makes of "no such file" and the like has lost its number.
            Assert.Equal(owner, FailureClassifier.Classify(made).Class);
            Assert.Equal(owner, FailureClassifier.Classify(new InputException("'x.h5' cannot be read", made)).Class);
            Assert.Equal(owner,
                FailureClassifier.Classify(new AggregateException(new InputException("'x.h5' cannot be read", made))).Class);
        }
    }

    /// <summary>By the runtime's own conversion.</summary>
    private static Exception OfRuntime(int error, bool folder)
    {
        var interop = typeof(object).Assembly.GetType("Interop", throwOnError: true)!;
        var info = Activator.CreateInstance(interop.GetNestedType("ErrorInfo", BindingFlags.NonPublic)
            ?? typeof(object).Assembly.GetType("Interop+ErrorInfo", throwOnError: true)!,
            BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, null, [error], null)!;
        var convert = interop.GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Single(method => method.Name == "GetExceptionForIoErrno");
        object?[] arguments = [.. convert.GetParameters()
            .Select((parameter, place) => place switch { 0 => info, 1 => "/store/x.h5", _ => (object)folder })];
        return (Exception)convert.Invoke(null, arguments)!;
    }
}
