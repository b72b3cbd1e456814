using System.Runtime.InteropServices;
using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Worker.Execution;
using Npgsql;

namespace Amnre.Worker.Tests.Execution;

public sealed class FailureClassifierTests
{
    public static TheoryData<Exception, FailureClass> Cases => new()
    {
        { new InputException("mask '=9' of 8 parameters"), FailureClass.User },
        { new InvalidOperationException("a fault of the program"), FailureClass.User },
        { new FileNotFoundException("x.h5"), FailureClass.User },
        { new IOException("No space left on device", 28), FailureClass.Resource },
        { new IOException("Disk quota exceeded", 122), FailureClass.Resource },
        { new ExternalException("CUDA out of memory. Tried to allocate 2 GiB\nat c10::…"), FailureClass.Resource },
        { new ExternalException("DefaultCPUAllocator: can't allocate memory"), FailureClass.Resource },
        { new AggregateException(new InputException("inside")), FailureClass.User },
        { new TypeInitializationException("torch", new DllNotFoundException("libtorch")), FailureClass.Infrastructure },
        { new IOException("Stale file handle", 116), FailureClass.Infrastructure },
        { new NpgsqlException("gone"), FailureClass.Infrastructure },
    };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void An_exception_is_charged_to_its_owner(Exception exception, FailureClass owner) =>
        Assert.Equal(owner, FailureClassifier.Classify(exception).Class);
}
